import type { ProviderEvent } from "./core/event.ts";
import type { ModelInfo } from "./core/model-info.ts";
import type { Settings } from "./core/settings.ts";
import type { Step } from "./core/step.ts";

/** One call of a model or of an agent: exactly one of the two is set. */
export type ModelCall = {
  /** The upstream's own name of the model. */
  model?: string;
  /** The upstream's own name of the agent. */
  agent?: string;
  /** What the chain said before, oldest first; media bytes are present as `data`. */
  history: Step[];
  /** The upstream that ran the interaction in which each step of `history` stands, by its place. */
  history_by?: readonly string[];
  /** What this request says. Empty only where an agent may go on without. */
  input: Step[];
  settings: Settings;
  /** False if the upstream must not keep the interaction either. */
  store?: boolean;
  /** True if nobody waits for the answer. */
  background?: boolean;
  /** Where the upstream itself can go on, instead of hearing all of `history` again. */
  anchor?: Anchor;
  /** The key of whoever asks, for upstreams that are set up to use it. Never stored, never logged. */
  caller_key?: string;
};

/** An earlier interaction of the chain that this upstream ran and keeps: its id there, and how many steps of `history` it holds. */
export type Anchor = { id: string; steps: number };

/** Why a provider cannot honour a call, with the path of the request's member at fault. */
export type Refusal = { field: string; message: string };

/** The port of everything that can answer: what the hub may ask of an upstream. */
export interface Provider {
  /** Name of the upstream: recorded with each interaction and with each signature it makes. */
  readonly name: string;
  /** Whether it takes members and tools that the hub does not know, as they are. */
  readonly takesUnknown?: boolean;
  /** What it offers now. */
  models(): Promise<ModelInfo[]>;
  /** Judges a call before anything is stored or sent; `undefined` means that it can be honoured. */
  refuse(call: Omit<ModelCall, "history">): Refusal | undefined;
  /**
   * Whether the upstream itself reaches the MCP servers of this call. Where it does not, the hub does: the provider then
   * gets their tools as functions, and accepts them in `refuse` as it would those.
   */
  reachesMcpServers?(call: Omit<ModelCall, "history">): boolean;
  /**
   * Runs a call. Events come in order and end with `finish`; anything else is a break. It throws a `HubError` for a
   * cause it can name, and stops as soon as `signal` aborts. It mints no interaction ids, sequence numbers or times.
   */
  run(call: ModelCall, signal: AbortSignal): AsyncIterable<ProviderEvent>;
  /**
   * Takes up a background run that somebody else began, under the id that the upstream keeps it by, as `run` told that. Says all
   * of its answer once more, from its beginning, then what comes, and ends like `run`; the events may be cut otherwise. `call`
   * is what was asked, without what is not stored. It throws a `HubError` where the upstream has forgotten the run, and tells
   * it to stop when `signal` aborts, as `run` does. Absent where an upstream does not go on when nobody listens.
   */
  resume?(call: ModelCall, id: string, signal: AbortSignal): AsyncIterable<ProviderEvent>;
}

/**
 * A provider as the configuration has set it up, and the bare names it answers for: those it lists, and perhaps more. An
 * answer that must ask the upstream first is a promise, which does not reject: who cannot be asked answers for nothing.
 */
export type Upstream = {
  provider: Provider;
  answersFor(name: string, kind: ModelInfo["kind"]): boolean | Promise<boolean>;
  /** What a name stands for there, as far as that is known without asking. */
  kindOf?(name: string): ModelInfo["kind"] | undefined;
};

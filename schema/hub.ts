import type { LoggedEvent } from "./core/event.ts";
import type { CreateRequest, Interaction } from "./core/interaction.ts";
import type { ModelInfo } from "./core/model-info.ts";

/** An interaction that has begun. Both promises reject with `cancelled` when the reader given to `begin` aborts first. */
export type Begun = {
  interaction: Interaction;
  /**
   * Resolves when the provider has said something or the interaction has ended; rejects with the cause if it failed
   * before its first event, so that a front can still answer with a plain error.
   */
  started(): Promise<void>;
  /** Resolves with the interaction once it has ended and its end is stored. */
  ended(): Promise<Interaction>;
};

/** The port of the hub: what a front may ask. Every method rejects with a `HubError`; anything else is a bug. */
export interface Hub {
  /**
   * Checks the request, finds its model, stores it, starts the run and returns at once (status `in_progress`).
   * With `store: false`, which needs a `reader`, nothing outlives it: when it aborts, the run stops and all of it is
   * forgotten. `caller_key` is for upstreams that are set up to use the key of whoever asks; it is not kept.
   */
  begin(request: CreateRequest, reader?: AbortSignal, caller_key?: string): Promise<Begun>;
  /** The interaction without its steps: what a stream needs to begin. */
  head(id: string): Promise<Interaction>;
  /** The interaction as it stands, partial while it runs. Media bytes are present as `data`. */
  read(id: string): Promise<Interaction>;
  /** Whether the log of an interaction has an event of this sequence. */
  holds(id: string, sequence: number): Promise<boolean>;
  /**
   * The log, page by page: what was stored after sequence `after` (0 for all), then what comes, then it ends with the
   * `finish` event. It ends early, without an error, when `reader` aborts; it rejects if the log cannot go on. Media
   * bytes are present as `data`.
   */
  follow(id: string, after: number, reader: AbortSignal): AsyncGenerator<LoggedEvent[], void, void>;
  /**
   * Stops a running background interaction and returns it with its end state, which is its own where it ended just before;
   * one that was cancelled already is returned as it is. Rejects with `failed_precondition` for what has ended otherwise
   * or does not run in the background.
   */
  cancel(id: string): Promise<Interaction>;
  /** Forgets an interaction; one that runs is stopped first. */
  remove(id: string): Promise<void>;
  /** Every model and agent of every upstream. */
  models(): Promise<ModelInfo[]>;
}

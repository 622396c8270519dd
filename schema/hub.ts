import type { LoggedEvent } from "./core/event.ts";
import type { CreateRequest, Interaction } from "./core/interaction.ts";
import type { ModelInfo } from "./core/model-info.ts";

/** The port of the hub: what a front may ask. Every method rejects with a `HubError`; anything else is a bug. */
export interface Hub {
  /**
   * Checks the request, finds its model, stores it, starts the run and returns at once (status `in_progress`).
   * With `store: false` nothing outlives `reader`: when it aborts, the run stops and all of it is forgotten.
   */
  begin(request: CreateRequest, reader?: AbortSignal): Promise<Interaction>;
  /**
   * Waits until the provider has said something or the interaction has ended; rejects if it failed before its first
   * event, so that a front can still answer with a plain error.
   */
  started(id: string, reader: AbortSignal): Promise<void>;
  /** The interaction as it stands, partial while it runs. Media bytes are present as `data`. */
  read(id: string): Promise<Interaction>;
  /**
   * The log: what was stored after sequence `after` (0 for all), then what comes, then it ends. It ends early, without
   * an error, when `reader` aborts. Media bytes are present as `data`.
   */
  follow(id: string, after: number, reader: AbortSignal): AsyncGenerator<LoggedEvent[], void, void>;
  /** Follows to the end, then reads. Rejects with `cancelled` when `reader` aborts first. */
  settled(id: string, reader: AbortSignal): Promise<Interaction>;
  /** Stops a running background interaction; returns it with its end state. */
  cancel(id: string): Promise<Interaction>;
  /** Forgets an interaction; one that runs is stopped first. */
  remove(id: string): Promise<void>;
  /** Every model and agent of every upstream. */
  models(): Promise<ModelInfo[]>;
}

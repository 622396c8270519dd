import type { LoggedEvent } from "../schema/core/event.ts";
import type { Interaction, Status, TerminalStatus } from "../schema/core/interaction.ts";
import type { Step } from "../schema/core/step.ts";

/** One interaction of a chain, as much of it as the next turn needs. */
export type ChainLink = {
  id: string;
  previous_id: string | undefined;
  status: Status;
  /** Who ran it, and under which id that upstream keeps it, if it does. */
  provider: string;
  upstream_id: string | undefined;
  steps: Step[];
};

/** Interactions in `status` whose last change lies before `before` (milliseconds since 1970) have outlived their time. */
export type Expiry = { status: TerminalStatus; before: number };

/**
 * What is remembered. Asynchronous throughout, so that a shared database can take the place of a local file. A promise
 * that resolves means that a crash of this process no longer loses what was written. Media bytes go in and come out as
 * `data`; inside, they are kept once by their hash. Rejects with `HubError` (`storage_full`, `request_too_large`).
 */
export interface Store {
  /** Remembers a new interaction with its input and the first events of its log. */
  insert(interaction: Interaction, log: readonly LoggedEvent[]): Promise<void>;
  /** Adds events to the log; writes of all interactions that arrive together share one transaction. */
  append(id: string, log: readonly LoggedEvent[]): Promise<void>;
  /**
   * Adds the last events and, in the same transaction, the state that the whole log folds to. An interaction ends once:
   * for one that has ended already this does nothing.
   */
  finish(interaction: Interaction, log: readonly LoggedEvent[]): Promise<void>;
  /** The interaction as its log says, partial while it runs. */
  find(id: string): Promise<Interaction | undefined>;
  /** The interaction without its steps and media: what a stream or a check needs to begin. */
  head(id: string): Promise<Interaction | undefined>;
  /** At most `limit` events after sequence `after`, in order; fewer when their bodies are large. */
  events(id: string, after: number, limit: number): Promise<LoggedEvent[]>;
  /** From the oldest ancestor that is still stored to `id`; empty if `id` is not stored. */
  chain(id: string): Promise<ChainLink[]>;
  /** Ids of everything that has not ended. */
  unfinished(): Promise<string[]>;
  /** Forgets an interaction; false if it was not stored. */
  remove(id: string): Promise<boolean>;
  /** Forgets at most `limit` interactions that have outlived their time; resolves to how many. */
  expire(expiries: readonly Expiry[], limit: number): Promise<number>;
  /** Ends after everything that was begun is written. */
  close(): Promise<void>;
}

import type { InteractionFilter, InteractionHead } from "./archive.ts";
import type { LoggedEvent } from "./core/event.ts";
import type { Interaction } from "./core/interaction.ts";

/**
 * Which interactions are to be exported: all of them; the whole trees that some belong to, or with `ancestors` only what
 * leads from a root to each of them; or those for which a filter holds.
 */
export type TransferSelection =
  | { kind: "everything" }
  | { kind: "chains"; ids: readonly string[]; only?: "ancestors" }
  | { kind: "matching"; filter: Omit<InteractionFilter, "text"> };

/** A step as it is stored: `body` is the JSON of a `Step` whose media are told by their hash. */
export type StoredStep = { side: "input" | "output"; index: number; body: string };

/** An event as it is stored: `body` is the JSON of an `Event` whose media are told by their hash. */
export type StoredEvent = { sequence: number; at: number; body: string };

/**
 * An interaction that has ended. What belongs to it is read when it is asked for. Where what is stored is damaged, that rejects
 * with a `HubError` (`internal`).
 */
export type StoredInteraction = {
  id: string;
  head(): Promise<InteractionHead>;
  /** Hashes of its media, sorted. */
  media(): Promise<string[]>;
  /** Its steps, page by page: input before output, each by its index. */
  steps(): AsyncIterable<StoredStep[]>;
  /** Its log, page by page. */
  events(): AsyncIterable<StoredEvent[]>;
};

/** Bytes in pieces of `PIECE_BYTES`, the last one perhaps shorter. */
export type StoredBytes = { size: number; pieces(): AsyncIterable<Uint8Array> };

/**
 * What is stored at one moment, whatever is written meanwhile. Rejects with a `HubError`: `not_found` for a selected id that
 * is not stored, `invalid_request` for a filter that is too long, `internal` for media that are damaged.
 */
export interface TransferSource {
  /** In the order of arrival. */
  finished(selection: TransferSelection): AsyncIterable<StoredInteraction>;
  /** How many of the selection have not ended. */
  unfinished(selection: TransferSelection): Promise<number>;
  media(sha256: string): Promise<StoredBytes>;
  close(): void;
}

/** What is known of a stored interaction: whether it has been written since `write` began, and the root of its chain. */
export type KnownInteraction = { isNew: boolean; root_id: string };

/** Takes the bytes of one medium. */
export type MediaSink = {
  add(bytes: Uint8Array): Promise<void>;
  /** To be called once all of its bytes are there and their hash is the right one. */
  end(): Promise<void>;
};

/** What a write may do. Media are written before what names them by their hash. */
export interface TransferWriting {
  find(id: string): Promise<KnownInteraction | undefined>;
  /** An interaction that goes on from this one, at once or as its root, and is stored although this one may not be. */
  follower(id: string): Promise<string | undefined>;
  hasMedia(sha256: string): Promise<boolean>;
  /** `size` is in bytes. What is kept already takes no bytes and writes nothing. */
  media(sha256: string, size: number): Promise<MediaSink>;
  /** A new interaction as it was before anything came of it; gives what `append` and `finish` know it by. */
  insert(begun: Interaction, log: readonly LoggedEvent[]): Promise<number>;
  append(key: number, log: readonly LoggedEvent[]): Promise<void>;
  /** Its end with the rest of its log. */
  finish(key: number, ended: Interaction, log: readonly LoggedEvent[]): Promise<void>;
}

/** Where interactions are imported to. Nobody else may write there meanwhile. */
export interface TransferTarget {
  /** The most bytes of a medium that are kept. */
  readonly mediaBytes: number;
  /**
   * All that `work` writes, or nothing of it if `work` rejects or the process ends before. Rejects with what `work` rejects
   * with, and with a `HubError` (`storage_full`) on a full disk.
   */
  write<T>(work: (writing: TransferWriting) => Promise<T>): Promise<T>;
  close(): void;
}

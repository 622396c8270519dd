import type { TransferSource, TransferTarget } from "../../schema/transfer.ts";

/** What a data file is to this version; `applied` and `known` count schemas. */
export type FileState = {
  file: "absent" | "current" | "older" | "newer" | "foreign";
  applied: number;
  known: number;
};

/**
 * Who has a data file at this moment: a hub, whose `url` is absent while it starts, or a command, which has none. `who` are
 * words that follow an article: `hub (process 7)`.
 */
export type Holder = { who: string; isCommand: boolean; url?: string };

/** Schemas of a data file, before and after. */
export type Step = { from: number; to: number };

/** A file that is being written where `partial` says, and then gets its name, or leaves nothing. */
export type NewFile = { partial: string; keep(): void; discard(): void; explain(error: unknown): unknown };

/** What can be done with the data file of a configuration. Each opens and closes it; failures are one line for people. */
export type Tools = {
  /** Rejects where the database cannot be used at all, because its addon cannot be loaded. */
  prepare(): Promise<void>;
  state(): Promise<FileState>;
  /** `undefined` if nobody has it. */
  heldBy(): Promise<Holder | undefined>;
  /** What SQLite finds wrong in the file; empty if nothing. */
  quickCheck(): Promise<string[]>;
  /** Copies the file, which may be in use. `progress` is told of pages. */
  backUp(target: string, progress: (done: number, total: number) => void): Promise<void>;
  /** Begins a file that must not exist yet, readable by its owner alone. */
  beginFile(target: string): NewFile;
  /** Brings the file up to date, told of before it begins; `undefined` if it is already. Refused while somebody has it. */
  migrate(upgrading: (step: Step) => void): Promise<(Step & { kept: string }) | undefined>;
  /** For reading, also while somebody has it. Refused where the file is of another schema. */
  openSource(): Promise<TransferSource>;
  /** For writing, told of an upgrade before it begins. Refused while somebody has it. */
  openTarget(upgrading: (step: Step) => void): Promise<TransferTarget>;
};

import type { TransferSource, TransferTarget } from "../../schema/transfer.ts";

/** What a data file is to this version; `applied` and `known` count schemas. */
export type FileState = {
  file: "absent" | "current" | "older" | "newer" | "foreign";
  applied: number;
  known: number;
};

/** Who serves a data file at this moment. `url` is absent while it starts. */
export type ServingHub = { pid?: number; url?: string };

/** What can be done with the data file of a configuration. Each opens and closes it; failures are one line for people. */
export type Tools = {
  state(): FileState;
  /** `undefined` if nobody serves it. */
  servedBy(): ServingHub | undefined;
  /** What SQLite finds wrong in the file; empty if nothing. */
  quickCheck(): string[];
  /** Copies the file, which may be in use. `progress` is told of pages. */
  backUp(target: string, progress: (done: number, total: number) => void): Promise<void>;
  /** Brings the file up to date; `undefined` if it is already. Refused while somebody serves it. */
  migrate(): { from: number; to: number; kept: string } | undefined;
  /** For reading, also while somebody serves it. Refused where the file is of another schema. */
  openSource(): TransferSource;
  /** For writing. Refused while somebody serves it. */
  openTarget(): TransferTarget;
};

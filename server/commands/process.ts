import type { ReadFile } from "../configuration/configuration-file.ts";
import type { EnvironmentVariables } from "../configuration/environment-variables.ts";
import type { StartHub } from "../configuration/running-hub.ts";
import type { Configuration } from "../configuration/schema.ts";
import type { Logger } from "../log.ts";
import type { Tools } from "./tools.ts";

/** A stream that people or programs read. */
export type OutputStream = {
  readonly isTerminal: boolean;
  /** Resolves once there is room for more; rejects with the code `EPIPE` when nobody reads any longer. */
  write(piece: string | Uint8Array): Promise<void>;
};

/** What is typed, or piped in. */
export type InputStream = { readonly isTerminal: boolean; pieces(): AsyncIterable<Uint8Array> };

/** The operating system's process, as far as the command line needs it. */
export type Process = {
  env: EnvironmentVariables;
  readFile: ReadFile;
  input: InputStream;
  output: OutputStream;
  errors: OutputStream;
  /** Calls back with 128 plus the signal's number each time the process is asked to end. */
  onStopSignal(listener: (exitCode: number) => void): void;
  /** Ends the process at once. */
  exit(code: number): void;
  now(): number;
  random(bytes: number): Uint8Array;
  createLogger(level: Configuration["log_level"]): Promise<Logger>;
  startHub: StartHub;
  /** What can be done with the data file without a hub; `changesNothing` keeps everything that looks from making a folder. */
  openTools(
    configuration: Pick<Configuration, "db" | "data" | "limits">,
    manner?: { changesNothing?: boolean },
  ): Promise<Tools>;
  /** A folder for what is gone soon. */
  temporaryFolder: string;
};

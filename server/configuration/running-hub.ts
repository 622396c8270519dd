import type { Logger } from "../log.ts";
import type { EnvironmentVariables } from "./environment-variables.ts";
import type { Configuration } from "./schema.ts";

/** The variables of other programs that the server itself may look at, where the configuration lets it discover upstreams. */
export const discoveryVariables = ["GOOGLE_API_KEY", "GEMINI_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL"] as const;

/** What the running server needs from outside. */
export type Environment = {
  log: Logger;
  now(): number;
  random(bytes: number): Uint8Array;
  /** The `discoveryVariables` that are set, and no others. */
  env: EnvironmentVariables;
  /** The addon of the database, or its path, given a folder that it may be unpacked into; absent where it is found by itself. */
  nativeBinding?(folder: string): Promise<string | object>;
  /**
   * Whether the hub is there for one command alone. Others are not told its address, and it leaves alone what an earlier
   * process left running: to take that up, or to end it, is up to a hub that serves.
   */
  isPrivate?: boolean;
  /** Told before the data file is brought to another schema, which takes as long as the file is large. */
  upgrading?(step: { from: number; to: number }): void;
};

/** What people are told of a server when it starts. */
export type HubDescription = {
  /** For which names the simulator answers; absent where there is none. */
  simulator_answers_for?: string;
  data_file: string;
  /** From which schema to which the file was brought at this start, and where it is kept as it was. */
  upgraded?: { from: number; to: number; kept: string };
  /** The upstreams in their order, each with one line on what and where it is. */
  upstreams: readonly { name: string; line: string }[];
  /** A model that somebody answers for, for the line to copy. */
  example_model: string;
};

/** A server that listens. `url` has no slash at the end. */
export type RunningHub = {
  url: string;
  port: number;
  describe(): HubDescription;
  /** Ends running streams with an event that tells the truth, then everything else. */
  close(): Promise<void>;
};

export type StartHub = (configuration: Configuration, environment: Environment) => Promise<RunningHub>;

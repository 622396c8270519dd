import type { Logger } from "../log.ts";
import type { Configuration } from "./schema.ts";

/** What the running server needs from outside. */
export type Environment = { log: Logger; now(): number; random(bytes: number): Uint8Array };

/** A server that listens. `url` has no slash at the end. */
export type RunningHub = {
  url: string;
  port: number;
  describe(): { simulator_answers_for: string; data_file: string };
  /** Ends running streams with an event that tells the truth, then everything else. */
  close(): Promise<void>;
};

export type StartHub = (configuration: Configuration, environment: Environment) => Promise<RunningHub>;

import type { GivenSettings } from "../configuration/given-settings.ts";
import type { Process } from "./process.ts";

/** What every command is told besides its own flags. */
export type CommandContext = {
  outside: Process;
  /** The settings' flags, unread. */
  settings: GivenSettings;
  /** Where the hub is, if the command line says so. */
  url: string | undefined;
  /** Whether programs read the output: one JSON document, or one a line. */
  json: boolean;
  /** Whether nothing is said but what was asked for, and failures. */
  quiet: boolean;
};

/** Does what a command is for, and gives its exit code. `words` are what stands beside the flags. */
export type Run<Flags> = (context: CommandContext, flags: Flags, words: readonly string[]) => Promise<number>;

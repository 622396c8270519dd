import { ConfigurationError } from "../../configuration/configuration-error.ts";

/** A command line that cannot be understood. */
export function usageError(message: string): ConfigurationError {
  return new ConfigurationError(`${message} (see --help)`, { usage: true });
}

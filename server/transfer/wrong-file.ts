import { HubError } from "../../schema/core/error.ts";

/** Refuses what a file holds. The message may hold texts of the file, of which a terminal must not do what they say. */
export function wrong(message: string): HubError {
  return new HubError("invalid_request", message.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "\u{FFFD}"));
}

/** An error with the line at which it came up, unless the file is not at fault. */
export function located(error: unknown, line: number): unknown {
  if (!(error instanceof HubError) || error.code === "storage_full") return error;
  return new HubError(error.code, `line ${line}: ${error.message}`, { cause: error.cause });
}

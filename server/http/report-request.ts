import { HubError } from "../../schema/core/error.ts";
import type { Logger } from "../log.ts";
import type { RequestLine } from "./app-options.ts";

/** Writes a request into the log. Errors that are `told` already, with their causes, are only named. */
export function reportRequest(log: Logger, { error, ...line }: RequestLine, told: WeakSet<Error>): void {
  const failed = line.status >= 500 || (error instanceof HubError && error.code === "storage_full");
  const named = error instanceof Error ? { ...line, refusal: error.message } : line;
  if (!failed) log.debug(named, "request");
  else log.error(error instanceof Error && told.has(error) ? named : { ...line, err: error }, "request failed");
}

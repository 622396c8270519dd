import { HubError } from "../core/error.ts";

/** The error that a client may see: a `HubError` as it is, anything else as an internal error that leaks nothing. */
export function errorForClient(error: unknown): HubError {
  return error instanceof HubError ? error : new HubError("internal", "An internal error occurred.", { cause: error });
}

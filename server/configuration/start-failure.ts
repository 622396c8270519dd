import { HubError } from "../../schema/core/error.ts";
import { ConfigurationError } from "./configuration-error.ts";
import type { Configuration } from "./schema.ts";

/** One line for people on why the server could not start, or `undefined` for a cause that is nobody's mistake but ours. */
export function startFailure(error: unknown, { host, port, db }: Configuration): string | undefined {
  if (error instanceof ConfigurationError || error instanceof HubError) return error.message;
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const code = String(error.code);
  if (code.startsWith("SQLITE_")) return `db: cannot use ${db} (${error.message})`;
  switch (code) {
    case "EADDRINUSE":
      return `port: ${port} on ${host} is already in use; choose another with --port, or 0 for any free one`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `host: ${host} is no address of this machine`;
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return "syscall" in error && error.syscall === "listen"
        ? `port: listening on port ${port} of ${host} is not permitted; choose another with --port`
        : `db: cannot write ${db} (${error.message})`;
    default:
      return undefined;
  }
}

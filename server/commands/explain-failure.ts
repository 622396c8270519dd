import { HubError } from "../../schema/core/error.ts";
import { ConfigurationError } from "../configuration/configuration-error.ts";
import { CommandFailure } from "./command-failure.ts";
import { dataFileFailure } from "./data-file-failure.ts";
import { exitCodes } from "./exit-codes.ts";

/**
 * One line for people and an exit code, or `undefined` for a cause that is nobody's mistake but ours. `file` is the data file
 * that was in use, if one was.
 */
export function explainFailure(error: unknown, file?: string): { message: string; exitCode: number } | undefined {
  const { failed, usage, notFound } = exitCodes;
  if (error instanceof CommandFailure) return { message: error.message, exitCode: error.exitCode };
  if (error instanceof ConfigurationError) {
    return { message: error.message, exitCode: error.usage ? usage.code : failed.code };
  }
  if (error instanceof HubError) {
    return { message: error.message, exitCode: error.code === "not_found" ? notFound.code : failed.code };
  }
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const code = String(error.code);
  if (code.startsWith("SQLITE_")) {
    return { message: dataFileFailure({ code, message: error.message }, file), exitCode: failed.code };
  }
  // What the operating system refuses names the file itself.
  return "syscall" in error ? { message: error.message, exitCode: failed.code } : undefined;
}

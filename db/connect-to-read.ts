import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Database } from "better-sqlite3";
import { HubError } from "../schema/core/error.ts";
import type { Driver } from "./driver.ts";

/**
 * A connection for reading a file that exists, beside a hub that serves it or alone. The caller closes it; then the file and
 * its folder are as they were. Throws `HubError` (`failed_precondition`) where this user may not do that.
 */
export function connectToRead(file: string, driver: Driver): Database {
  // Only who may write takes the files of a write-ahead log away again that reading alone makes, too. Where they are there
  // already, they may hold what somebody has not brought into the file yet, and that is not ours to do.
  const isInUse = ["-wal", "-journal"].some((ending) => existsSync(`${file}${ending}`));
  const connection = driver.connect(file, { readonly: isInUse, fileMustExist: true });
  try {
    connection.pragma("query_only = ON");
    connection.prepare("select count(*) from sqlite_schema").get();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (/^SQLITE_(?:READONLY|CANTOPEN)/.test(code)) {
      connection.close();
      const message = `${file} can only be read by a user who may write it and its folder ${dirname(file)}, because SQLite keeps files beside it while it is read. Run this as that user.`;
      throw new HubError("failed_precondition", message, { cause: error });
    }
    // Whatever else is wrong with the file is found by whoever reads it.
  }
  return connection;
}

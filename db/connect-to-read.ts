import { existsSync } from "node:fs";
import type { Database } from "better-sqlite3";
import type { Driver } from "./driver.ts";

/**
 * A connection for reading a file that exists, beside a hub that serves it or alone. The caller closes it; then the file and
 * its folder are as they were.
 */
export function connectToRead(file: string, driver: Driver): Database {
  // Only who may write takes the files of a write-ahead log away again that reading alone makes, too. Where they are there
  // already, they may hold what somebody has not brought into the file yet, and that is not ours to do.
  const isInUse = ["-wal", "-journal"].some((ending) => existsSync(`${file}${ending}`));
  const connection = driver.connect(file, { readonly: isInUse, fileMustExist: true });
  connection.pragma("query_only = ON");
  return connection;
}

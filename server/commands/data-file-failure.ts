/** What SQLite refuses, by the first word of its code, and what to do. Of all else it says itself what it is. */
const advices: { readonly [kind: string]: string } = {
  FULL: "the disk is full; make room",
  CORRUPT: "it is damaged; stop the hub, and put a backup in its place",
  NOTADB: "it is no database, or it is damaged; name another with --db, or put a backup in its place",
  BUSY: "another program has locked it; try again when that has ended",
  LOCKED: "another program has locked it; try again when that has ended",
  READONLY: "it cannot be written; see whether this user may write it and its folder",
  CANTOPEN: "it cannot be opened; see whether this user may read and write it and its folder",
  PERM: "it cannot be opened; see whether this user may read and write it and its folder",
  IOERR: "the disk fails to read or to write it; see whether it has room, and whether it is sound",
};

/** One line for people on a failure of SQLite, given its code (`SQLITE_IOERR_WRITE`); `file` is the data file, where known. */
export function dataFileFailure(
  { code, message }: { code: string; message: string },
  file: string | undefined,
): string {
  const [, kind = ""] = code.split("_");
  return `the data file${file === undefined ? "" : ` ${file}`}: ${advices[kind] ?? message} (${code})`;
}

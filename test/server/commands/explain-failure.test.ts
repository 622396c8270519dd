import { expect, test } from "vitest";
import { explainFailure } from "../../../server/commands/explain-failure.ts";
import { runCommand } from "../../../server/commands/run-command.ts";
import { commandLine } from "../../cases/command-line.ts";

function failure(code: string): Error {
  return Object.assign(new Error("words of SQLite"), { code });
}

test.each([
  ["SQLITE_FULL", "the data file /hub.db: the disk is full; make room (SQLITE_FULL)"],
  ["SQLITE_CORRUPT_INDEX", "the data file /hub.db: it is damaged; stop the hub, and put a backup in its place"],
  ["SQLITE_IOERR_WRITE", "the data file /hub.db: the disk fails"],
  ["SQLITE_SCHEMA", "the data file /hub.db: words of SQLite (SQLITE_SCHEMA)"],
])("%s is told with the file and what to do", (code, message) => {
  expect(explainFailure(failure(code), "/hub.db")).toMatchObject({
    message: expect.stringContaining(message),
    exitCode: 1,
  });
});

test("a command that SQLite refuses names the data file that it was to use", async () => {
  const { seen, outside } = commandLine();
  const openTools = () => Promise.reject(failure("SQLITE_CORRUPT"));
  expect(await runCommand(["migrate", "--db", "/there/hub.db"], { ...outside, openTools })).toBe(1);
  expect(seen.error).toBe(
    "interactions-hub: the data file /there/hub.db: it is damaged; stop the hub, and put a backup in its place (SQLITE_CORRUPT)\n",
  );
});

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDriver } from "../../../db/driver.ts";
import { holdFile, runningServer } from "../../../db/file-lock.ts";
import { runCommand } from "../../../server/commands/run-command.ts";
import type { Tools } from "../../../server/commands/tools.ts";
import { commandLine, jsonLines } from "../../cases/command-line.ts";
import { startTestHub } from "../../cases/start-test-hub.ts";
import { until } from "../../cases/until.ts";

const main = fileURLToPath(new URL("../../../server/main.ts", import.meta.url));

let folder: string;
let db: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-await-"));
  db = join(folder, "hub.db");
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

type Ended = { code: number; out: string; error: string };

/** Runs a command in a process of its own. */
function command(argv: string[], user: { uid?: number; gid?: number } = {}): { pid: number; ended: Promise<Ended> } {
  const own = [...argv, "--data", folder, "--db", db, "--discover", "false"];
  const child = spawn(process.execPath, [main, ...own], { stdio: ["ignore", "pipe", "pipe"], ...user });
  children.push(child);
  const texts = [child.stdout, child.stderr].map((stream) => Array.fromAsync(stream));
  const ended = once(child, "close").then(async ([code]) => {
    const [out = "", error = ""] = (await Promise.all(texts)).map((pieces) => Buffer.concat(pieces).toString());
    return { code: code as number, out, error };
  });
  return { pid: child.pid ?? 0, ended };
}

type Look = Tools["heldBy"];

const ask = (question: string, ...flags: string[]) =>
  command(["ask", "-q", "--model", "simulator", question, ...flags]);

describe("commands on one data file at once", () => {
  test("wait for each other: each of three gets its answer", async () => {
    const names = ["Ada", "Bob", "Cleo"];
    const answers = await Promise.all(names.map((name) => ask(`My name is ${name}`).ended));
    expect(answers).toEqual(names.map((name) => ({ code: 0, out: `Nice to meet you, ${name}.\n`, error: "" })));
    const { out } = await command(["chains", "list", "--json"]).ended;
    expect(jsonLines(out)).toHaveLength(3);
  }, 60_000);

  test.each([
    ["that another has", (look: Look) => look],
    ["that another takes between the looking and the opening", (): Look => async () => undefined],
  ])("wait for a file %s", async (_what, seen) => {
    await (await startTestHub({ db })).close();
    for (const argv of [["chains", "list"], ["migrate"]]) {
      const lock = holdFile(db, createDriver(), "command");
      setTimeout(() => lock.release(), 1500);
      const { seen: said, outside } = commandLine();
      const openTools: typeof outside.openTools = async (...given) => {
        const tools = await outside.openTools(...given);
        return { ...tools, heldBy: seen(tools.heldBy) };
      };
      const code = await runCommand([...argv, "--db", db, "--discover", "false"], { ...outside, openTools });
      expect([code, said.error]).toEqual([0, ""]);
    }
  });

  test("say after some seconds which process has it, and that it is a command, and so does a hub", async () => {
    const long = command(["ask", "--model", "simulator-slow-400", "Tell me a long story about everything."]);
    await until(() => existsSync(db) && runningServer(db, createDriver()) !== undefined);
    expect(runningServer(db, createDriver())).toEqual({ pid: long.pid, command: true });
    const who = `nother command (process ${long.pid}) is using ${db}`;
    const tried = [["chains", "list"], ["migrate"], ["chains", "import", "-"], ["serve", "--port", "0"]];
    const [list, migrate, imported, serve] = await Promise.all(tried.map((argv) => command(argv).ended));
    const refused = { code: 1, error: `interactions-hub: a${who}; try again when it has ended\n` };
    expect([list, migrate, imported]).toMatchObject([refused, refused, refused]);
    expect(serve?.code).toBe(1);
    expect(serve?.error).toContain(`A${who}. Try again when it has ended, or name another file with --db.`);
    const found = await command(["doctor", "--json", "--port", "0"]).ended;
    expect(found.out).toContain(`held by a command (process ${long.pid})`);
    expect((await command(["models"]).ended).code).toBe(0);
  }, 60_000);
});

// Windows knows no such modes.
test.runIf(process.platform !== "win32")(
  "what this user may only read is told of in one line with what to do, and a copy with no log beside it can be read",
  async () => {
    await (await startTestHub({ db })).close();
    const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const before = readFileSync(db);
    const copy = join(folder, "copy.db");
    expect((await command(["backup", copy]).ended).code).toBe(0);
    for (const file of [db, copy]) chmodSync(file, 0o444);
    chmodSync(folder, 0o555);
    try {
      const { code, error } = await command(["chains", "export"], user).ended;
      expect(code).toBe(1);
      expect(error).toBe(
        `interactions-hub: ${db} can only be read by a user who may write it and its folder ${folder}, because SQLite keeps files beside it while it is read. Run this as that user.\n`,
      );
      expect(readFileSync(db).equals(before)).toBe(true);
      db = copy;
      expect(await command(["chains", "export"], user).ended).toMatchObject({ code: 0 });
    } finally {
      chmodSync(folder, 0o755);
    }
  },
  60_000,
);

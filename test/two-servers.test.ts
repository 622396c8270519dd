import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDriver } from "../db/driver.ts";
import { runningServer } from "../db/file-lock.ts";
import { createLogger } from "../server/log.ts";
import { type ServerProcess, startProcess } from "./cases/start-process.ts";
import { startTestHub } from "./cases/start-test-hub.ts";

const driver = createDriver();
const main = fileURLToPath(new URL("../server/main.ts", import.meta.url));

let folder: string;
let file: string;
let servers: ServerProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-two-"));
  file = join(folder, "hub.db");
  servers = [];
});
afterEach(async () => {
  for (const server of servers) await server.stop("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

async function start(...flags: string[]): Promise<ServerProcess> {
  const server = await startProcess(folder, ["--db", file, ...flags]);
  servers.push(server);
  return server;
}

/** Starts a server that is to be refused; gives what it says and its exit code. */
async function refused(db: string): Promise<{ code: number; said: string }> {
  const flags = ["--port", "0", "--data", folder, "--db", db, "--log-level", "error", "--discover", "false"];
  const child = spawn(process.execPath, [main, ...flags], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const [code] = await once(child, "close");
  return { code, said };
}

describe("a second server on a file", () => {
  test("is refused in one line that names the first one's process and address, under every name of the file", async () => {
    const first = await start();
    const link = join(folder, "other-name.db");
    symlinkSync(file, link);
    const known = runningServer(file, driver);
    expect(known).toEqual({ pid: expect.any(Number), url: first.url, started_at: expect.any(Number) });
    expect(runningServer(link, driver)).toEqual(known);
    for (const name of [file, link]) {
      expect(await refused(name)).toEqual({
        code: 1,
        said: `interactions-hub: Another hub (process ${known?.pid}, ${first.url}) is using ${file}. Stop it, or give this one its own --db.\n`,
      });
    }
    expect((await fetch(`${first.url}/healthz`)).status).toBe(200);
    expect(runningServer(file, driver)).toEqual(known);
    // Windows knows no such modes.
    if (process.platform !== "win32") {
      for (const ending of ["server", "lock"]) expect(statSync(`${file}.${ending}`).mode & 0o777).toBe(0o600);
    }
  });

  test("starts once the first one has stopped, and nothing of that one is left", async () => {
    expect(runningServer(file, driver)).toBeUndefined();
    const first = await start();
    await first.stop("SIGTERM");
    expect(existsSync(`${file}.server`)).toBe(false);
    expect(runningServer(file, driver)).toBeUndefined();
    const second = await start();
    expect(runningServer(file, driver)?.url).toBe(second.url);
  });

  test("starts at once when the first one was killed, whose traces mean nothing any more", async () => {
    const first = await start();
    const before = runningServer(file, driver);
    await first.stop("SIGKILL");
    expect(existsSync(`${file}.server`)).toBe(true);
    expect(runningServer(file, driver)).toBeUndefined();
    const second = await start();
    const after = runningServer(file, driver);
    expect(after?.url).toBe(second.url);
    expect(after?.pid).not.toBe(before?.pid);
  });

  test("is refused also when nobody can read who the first one is", async () => {
    await start();
    for (const record of ["", "null", '{"pid": "7", "url": 8}']) {
      writeFileSync(`${file}.server`, record);
      expect(runningServer(file, driver)).toEqual({});
    }
    const { code, said } = await refused(file);
    expect(code).toBe(1);
    expect(said).toBe(`interactions-hub: Another hub is using ${file}. Stop it, or give this one its own --db.\n`);
  });

  test("starts where the first one broke off, at whatever point of its start", async () => {
    const fixture = new URL("./fixtures/schemas/schema-1.db.gz", import.meta.url);
    writeFileSync(file, gunzipSync(readFileSync(fixture)));
    const log = createLogger("silent");
    log.info = (...said: unknown[]) => {
      if (said.some((part) => String(part).startsWith("upgraded"))) throw new Error("the log is full");
    };
    await expect(startTestHub({ db: file }, log)).rejects.toThrow("the log is full");
    expect(runningServer(file, driver)).toBeUndefined();
    await (await startTestHub({ db: file })).close();
  });

  test("is not kept out by those who look whether one runs", async () => {
    await (await start()).stop("SIGTERM");
    let looking = true;
    const looks = (async () => {
      for (let count = 0; ; count += 1) {
        runningServer(file, driver);
        if (!looking) return count;
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    for (let count = 0; count < 3; count += 1) await (await start()).stop("SIGTERM");
    looking = false;
    expect(await looks).toBeGreaterThan(100);
  });
});

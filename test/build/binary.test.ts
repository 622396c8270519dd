import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { GoogleGenAI } from "@google/genai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildBinary, bundleApplication, hostTarget } from "../../build/build-binary.ts";
import packageJson from "../../package.json" with { type: "json" };
import type { JsonObject } from "../../schema/core/json.ts";
import { socketClient } from "../cases/graphql-client.ts";
import type { ServerProcess } from "../cases/start-process.ts";
import { until } from "../cases/until.ts";
import { idOf, textOf } from "../clients/answers.ts";
import { type Client, speak } from "../clients/client.ts";
import { watchEvents } from "../clients/graphql/watch-events.ts";
import { stepsDialect } from "../clients/steps-client.ts";
import { type Confinement, confine, filesHeldBy, runBinary, startBinary, traces } from "./start-binary.ts";

// The executable as somebody has it who downloaded it and has nothing else: no environment, no folder but the one for data.

const model = "gemini-3.8-flash";
const run = promisify(execFile);
const megabyte = 1_000_000;

let folder: string;
let binary: string;
let place: Confinement;
let before: string[];
let server: ServerProcess & { pid: number };
let client: Client;

async function start(): Promise<void> {
  server = await startBinary(binary, place);
  client = speak(new GoogleGenAI({ apiKey: "local", httpOptions: { baseUrl: server.url } }), stepsDialect);
}

async function build(name: string): Promise<string> {
  const work = join(folder, name);
  mkdirSync(work);
  const path = join(folder, `${name}-hub`);
  await buildBinary(await bundleApplication(work), hostTarget(), path);
  return path;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hub-binary-"));
  place = confine(folder);
  binary = await build("one");
  before = traces(place);
  await start();
}, 300_000);
afterAll(async () => {
  await server?.stop("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const hashOf = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");
const addons = (): string[] => readdirSync(place.data).filter((name) => name.endsWith(".node"));

describe("the single executable", () => {
  test("is no larger than it may be", () => {
    expect(statSync(binary).size).toBeLessThanOrEqual(130 * megabyte);
  });

  test("is the same, byte for byte, when it is built again", async () => {
    const again = await build("other");
    expect(hashOf(again)).toBe(hashOf(binary));
    rmSync(again);
  }, 300_000);

  test("tells its version, its settings and mistakes without starting", async () => {
    expect(await runBinary(binary, place, ["--version"])).toEqual({
      code: 0,
      printed: `${packageJson.version}\n`,
      errors: "",
    });
    const { printed } = await runBinary(binary, place, ["config", "--data", place.data]);
    expect(printed).toMatch(/^port: \d+$/m);
    expect(await runBinary(binary, place, ["--prot", "1"])).toMatchObject({ code: 2, printed: "" });
  });

  test("creates, streams, resumes and continues a chain", async () => {
    const events = await client.stream({ model, input: "My name is Ada." });
    expect(events.at(-1)).toMatchObject({ event_type: "interaction.completed" });
    const id = idOf(events);
    expect(await client.replay(id, String(events[3]?.event_id))).toEqual(events.slice(4));
    const next = await client.create({ model, input: "What is my name?", previous_interaction_id: id });
    expect(textOf(stepsDialect, next)).toContain("Ada");
    expect(await client.models()).toContain("models/simulator");
  });

  test("runs in the background, cancels and deletes", async () => {
    const begun = await client.create({ model: "simulator-slow-50", input: "count to 500", background: true });
    expect(await client.cancel(String(begun.id))).toMatchObject({ status: "cancelled" });
    await client.remove(String(begun.id));
    await expect(client.get(String(begun.id))).rejects.toThrow(/404|not found/i);
  });

  test("tells a subscription over graphql-ws what happens while it happens", async () => {
    const { id } = await client.create({ model: "simulator-slow-20", input: "count to 10", background: true });
    const socket = socketClient(server.url);
    const told = await Array.fromAsync(watchEvents(socket, String(id)));
    await socket.dispose();
    expect(told.length).toBeGreaterThan(10);
    expect(await client.get(String(id))).toMatchObject({ status: "completed" });
  });

  test("shows GraphiQL and its description", async () => {
    const page = await fetch(`${server.url}/graphql`, { headers: { accept: "text/html" } });
    expect(await page.text()).toMatch(/<html[\s\S]{100000}/);
    expect(await (await fetch(`${server.url}/openapi.json`)).json()).toMatchObject({ openapi: "3.1.0" });
  });

  test("has everything again after a restart, and after it was killed", async () => {
    const kept = await client.create({ model, input: "Remember the teal boat." });
    expect(await server.stop("SIGTERM")).toMatchObject({ code: 0 });
    await start();
    const running = await client.create({ model: "simulator-slow-50", input: "count to 500", background: true });
    await until(async () => (await client.get(String(running.id))).status === "in_progress");
    await server.stop("SIGKILL");
    await start();
    expect(textOf(stepsDialect, await client.get(String(kept.id)))).toBe(textOf(stepsDialect, kept));
    const ended = await client.get(String(running.id));
    expect(ended).toMatchObject({ status: "failed", errors: [{ code: "interrupted" }] } satisfies JsonObject);
  });

  test("needs no home to write to, wherever that is said to be", async () => {
    await server.stop("SIGTERM");
    server = await startBinary(binary, place, { HOME: place.home, USERPROFILE: place.home });
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    await server.stop("SIGTERM");
    expect(readdirSync(place.home)).toEqual([]);
    await start();
  });

  // Only root may change what a process takes for the root of all files.
  const isRoot = process.geteuid?.() === 0 && process.platform === "linux";
  test.skipIf(!isRoot)(
    "starts where the system does not say where an executable is, called by its name alone",
    async () => {
      const bare = join(folder, "bare");
      const { stdout } = await run("ldd", [binary]);
      for (const [library] of stdout.matchAll(/\/\S+/g)) {
        mkdirSync(dirname(join(bare, library)), { recursive: true });
        copyFileSync(library, join(bare, library));
      }
      linkSync(binary, join(bare, "hub"));
      const told = await run("chroot", [bare, "./hub", "--version"], { env: { PATH: process.env.PATH } });
      expect(told.stdout).toBe(`${packageJson.version}\n`);
    },
  );

  test("holds and leaves files in its data folder alone, for its owner alone", () => {
    const held = filesHeldBy(server.pid);
    expect(held.filter((path) => !path.startsWith(`${place.data}/`))).toEqual([]);
    expect(traces(place)).toEqual(before);
    const [addon = "", ...more] = addons();
    expect(more).toEqual([]);
    const [, hash] = /^better-sqlite3-([0-9a-f]{64})\.node$/.exec(addon) ?? [];
    expect(hashOf(join(place.data, addon))).toBe(hash);
    expect(statSync(join(place.data, addon)).mode & 0o777).toBe(0o600);
  });

  test("repairs an addon that was damaged and refuses one that others may write", async () => {
    await server.stop("SIGTERM");
    const addon = join(place.data, addons()[0] ?? "");
    writeFileSync(addon, "damaged");
    await start();
    await server.stop("SIGTERM");
    expect(addons()).toHaveLength(1);
    chmodSync(addon, 0o666);
    const { code, errors } = await runBinary(binary, place, ["--port", "0", "--data", place.data]);
    expect(code).toBe(1);
    expect(errors).toContain(`data: ${addon} is not loaded: its mode is 666, not 600; remove it`);
  });
});

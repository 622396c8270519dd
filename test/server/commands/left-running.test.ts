import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commandLine, jsonLines } from "../../cases/command-line.ts";
import { type FakeGemini, startFakeGemini } from "../../cases/fake-gemini.ts";
import { startProcess } from "../../cases/start-process.ts";
import { startTestHub } from "../../cases/start-test-hub.ts";
import { until } from "../../cases/until.ts";

const words = Array.from({ length: 40 }, (_, index) => `word ${index}`).join(", ");

let folder: string;
let db: string;
let google: FakeGemini;
let id: string;
const cleanUps: (() => unknown)[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hub-left-"));
  db = join(folder, "hub.db");
  google = await startFakeGemini({ pace: 60 });
  cleanUps.push(
    () => rmSync(folder, { recursive: true, force: true }),
    () => google.close(),
  );
  id = await leaveRunning();
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const upstreams = () => [{ name: "google", kind: "gemini", base_url: google.url, key: "hub-key" }];

/** A background run at Google whose hub was killed; gives its id. */
async function leaveRunning(): Promise<string> {
  const server = await startProcess(folder, ["--db", db], { INTERACTIONS_HUB_UPSTREAMS: JSON.stringify(upstreams()) });
  cleanUps.push(() => server.stop("SIGKILL"));
  const created = await fetch(`${server.url}/v1beta/interactions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "google/gemini-3.8-flash", input: words, background: true }),
  });
  const begun = (await created.json()) as { id: string };
  await until(() => google.eventsOf("v1_fake-1").length > 8);
  await server.stop("SIGKILL");
  return begun.id;
}

/** Runs a command that nobody names a hub for. */
async function run(...argv: string[]) {
  const { seen, run: command } = commandLine({ env: { INTERACTIONS_HUB_UPSTREAMS: JSON.stringify(upstreams()) } });
  const code = await command(...argv, "--db", db, "--discover", "false");
  return { code, ...seen };
}

/** What Google was asked about interactions since the run was begun. */
const asked = (): string[] =>
  google.requests
    .slice(1)
    .map(({ method, path }) => `${method} ${path}`)
    .filter((request) => request.includes("interactions"));

/** A hub that serves goes on with the run, and it becomes whole. */
async function expectWhole(): Promise<void> {
  const hub = await startTestHub({ db, upstreams: upstreams() });
  try {
    const answer = await fetch(`${hub.url}/v1beta/interactions/${id}?stream=true`);
    expect(await answer.text()).toContain("interaction.completed");
    expect(await (await fetch(`${hub.url}/v1beta/interactions/${id}`)).json()).toMatchObject({ status: "completed" });
    expect(google.statusOf("v1_fake-1")).toBe("completed");
    expect(asked().filter((request) => request.startsWith("POST"))).toEqual([]);
  } finally {
    await hub.close();
  }
}

describe("a background run that its upstream goes on with", () => {
  test("is left alone by commands that look, and by one that asks", async () => {
    expect(jsonLines((await run("chains", "list", "--json")).out)).toMatchObject([{ id, status: "in_progress" }]);
    expect((await run("chains", "show", id)).code).toBe(0);
    const followed = await run("tail", id);
    expect(followed.code).toBe(4);
    expect(followed.error).toContain("nothing runs it at this moment. A hub that serves goes on with it, or ends it.");
    expect((await run("ask", "-q", "--model", "simulator", "Hello")).code).toBe(0);
    expect(asked()).toEqual([]);
    await expectWhole();
  }, 60_000);

  test("is left out of an export, which says that it was cut off, and who goes on with it", async () => {
    const exported = await run("chains", "export", "--output", join(folder, "chains.jsonl"));
    expect(exported.error).toContain(
      "left out 1 that were cut off; the next start of the hub goes on with them, or ends them",
    );
    const hub = await startTestHub({ db, upstreams: upstreams() });
    const beside = await run("chains", "export", "--output", join(folder, "beside.jsonl"));
    await hub.close();
    expect(beside.error).toContain("left out 1 that still run; export them once they have ended");
  }, 60_000);

  test("is cancelled there when a command deletes it", async () => {
    expect((await run("chains", "delete", id, "--yes")).code).toBe(0);
    expect(google.statusOf("v1_fake-1")).toBe("cancelled");
    expect(jsonLines((await run("chains", "list", "--json")).out)).toEqual([]);
  }, 60_000);

  test.each([
    ["whose port is taken", (port: number) => ({ port })],
    ["that cannot read its documents", () => ({ graphql: { persisted_documents: join(folder, "absent.json") } })],
  ])(
    "is left alone by a start %s",
    async (_why, settings) => {
      const taken = createServer();
      await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
      cleanUps.push(() => taken.close());
      const { port } = taken.address() as AddressInfo;
      await expect(startTestHub({ db, upstreams: upstreams(), ...settings(port) })).rejects.toThrow();
      expect(asked()).toEqual([]);
      await expectWhole();
    },
    60_000,
  );
});

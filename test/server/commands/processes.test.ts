import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { jsonLines } from "../../cases/command-line.ts";
import { startProcess } from "../../cases/start-process.ts";
import { startTestHub } from "../../cases/start-test-hub.ts";

const main = fileURLToPath(new URL("../../../server/main.ts", import.meta.url));
const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

function command(argv: string[], env: { [name: string]: string } = {}) {
  const child: ChildProcess = spawn(process.execPath, [main, ...argv], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  cleanUps.push(() => child.kill("SIGKILL"));
  const seen = { out: "", error: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    seen.out += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    seen.error += text;
  });
  const ended = once(child, "close").then(([code]) => code as number);
  return { child, seen, ended };
}

const slowly = ["ask", "--model", "simulator-slow-150", "Tell me a long story about everything."];

describe("a command in a process of its own", () => {
  test("that is interrupted cancels what it asked for, in a hub that goes on as in one of its own", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hub-process-"));
    const own = command([...slowly, "--data", folder, "--discover", "false"]);
    await expect.poll(() => own.seen.out, { timeout: 10_000 }).not.toBe("");
    own.child.kill("SIGINT");
    expect(await own.ended).toBe(130);
    expect(own.seen.error).toContain("(cancelled)");

    const hub = await startTestHub();
    cleanUps.push(() => hub.close());
    const client = command([...slowly, "--url", hub.url]);
    await expect.poll(() => client.seen.out, { timeout: 10_000 }).not.toBe("");
    client.child.kill("SIGTERM");
    expect(await client.ended).toBe(143);
    const list = command(["chains", "list", "--json", "--url", hub.url]);
    expect(await list.ended).toBe(0);
    expect(jsonLines(list.seen.out)).toMatchObject([{ status: "cancelled" }]);
  });

  test("whose reader goes away ends well, and cancels what nobody reads", async () => {
    const hub = await startTestHub();
    cleanUps.push(() => hub.close());
    const { child, seen, ended } = command([...slowly, "--json", "--url", hub.url]);
    await expect.poll(() => seen.out, { timeout: 10_000 }).not.toBe("");
    child.stdout?.destroy();
    expect(await ended).toBe(0);
    expect(seen.error).not.toContain("EPIPE");
    const list = command(["chains", "list", "--json", "--url", hub.url]);
    expect(await list.ended).toBe(0);
    expect(jsonLines(list.seen.out)).toMatchObject([{ status: "cancelled" }]);
  });

  test("prints its version without loading the parser, the settings or the server", async () => {
    const { seen, ended } = command(["--version"]);
    expect(await ended).toBe(0);
    expect(seen.out).toMatch(/^\d+\.\d+\.\d+\n$/);
    const loaded = await modulesOf(["--version"]);
    expect(loaded.filter((url) => /commander|zod|better-sqlite3|compose|hono/.test(url))).toEqual([]);
    const completing = await modulesOf(["completion", "bash"]);
    expect(completing.some((url) => url.includes("commander"))).toBe(true);
    expect(completing.filter((url) => /better-sqlite3|compose|hono|graphql\/|undici/.test(url))).toEqual([]);
  });

  test("that loses its connection goes on behind the last event, and misses and repeats nothing", async () => {
    const hub = await startTestHub({ simulator: { token_interval_ms: 20 } });
    cleanUps.push(() => hub.close());
    const cutting = await cuttingProxy(hub.url, 1000);
    const { seen, ended } = command([
      "ask",
      "--json",
      "This is long enough to be cut, and more than once.",
      "--url",
      cutting.url,
    ]);
    expect(await ended).toBe(0);
    expect(cutting.connections()).toBeGreaterThan(2);
    expect(seen.error).toContain("lost the connection to the hub; trying again");
    const events = jsonLines(seen.out);
    const [{ interaction }] = events as [{ interaction: { id: string } }];
    const whole = command(["tail", interaction.id, "--json", "--url", hub.url]);
    expect(await whole.ended).toBe(0);
    expect(jsonLines(whole.seen.out)).toEqual(events);
  });

  test("follows its interaction through a hub that was killed and came back", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hub-process-"));
    const first = await startProcess(folder);
    cleanUps.push(() => first.stop("SIGKILL"));
    const { seen, ended } = command([...slowly, "--url", first.url]);
    await expect.poll(() => seen.out, { timeout: 10_000 }).not.toBe("");
    await first.stop("SIGKILL");
    const second = await startProcess(folder, ["--port", new URL(first.url).port]);
    cleanUps.push(() => second.stop("SIGTERM"));
    expect(await ended).toBe(4);
    expect(seen.error).toMatch(/lost the connection[\s\S]*\(failed\)[\s\S]*stopped before this interaction had ended/);
  });
});

/** The modules that a command loads. */
async function modulesOf(argv: string[]): Promise<string[]> {
  const hooks = `import { registerHooks } from "node:module"; import { writeSync } from "node:fs";
    registerHooks({ load(url, context, next) { writeSync(2, "loaded " + url + "\\n"); return next(url, context); } });`;
  const preload = `--import=data:text/javascript,${encodeURIComponent(hooks)}`;
  const { seen, ended } = command(argv, { NODE_OPTIONS: preload });
  expect(await ended).toBe(0);
  return [...seen.error.matchAll(/^loaded (.+)$/gm)].map(([, url]) => url ?? "");
}

/** Passes everything on, but breaks each answer off after so many bytes. */
async function cuttingProxy(url: string, bytes: number) {
  let connections = 0;
  const server = createServer(async (request, response) => {
    connections += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
    const headers = { "content-type": "application/json", "api-revision": "2026-05-20" };
    const answer = await fetch(`${url}${request.url}`, { method: request.method ?? "GET", headers, ...body });
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
    let left = request.url?.startsWith("/graphql") ? Number.POSITIVE_INFINITY : bytes;
    for await (const chunk of answer.body ?? []) {
      response.write(chunk.subarray(0, left));
      left -= chunk.length;
      if (left > 0) continue;
      // What was written before goes out before the connection breaks.
      setTimeout(() => response.destroy(), 20);
      return;
    }
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUps.push(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connections: () => connections };
}

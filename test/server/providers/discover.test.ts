import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { discoverUpstreams } from "../../../server/providers/discover/discover-upstreams.ts";
import type { KeyVariables } from "../../../server/providers/discover/keyed-upstreams.ts";
import { load, withFile } from "../../cases/load-settings.ts";
import { jsonResponse, type ReplayServer, rawResponse, startReplayServer } from "../../cases/replay-server.ts";
import { startTestHub } from "../../cases/start-test-hub.ts";

const recorded = new URL("../../fixtures/openai-compatible/models.response.txt", import.meta.url);
const notFound = jsonResponse(404, { error: "not found" });
const list = (...models: object[]) => ({ object: "list", data: models });

/** What servers answer, by path. llama.cpp is recorded; the others are written after their sources and documentation. */
const llamaCpp = { "/v1/models": readFileSync(recorded, "utf8") };
const vllm = {
  "/v1/models": jsonResponse(200, list({ id: "Qwen/Qwen3-8B", object: "model", created: 1, owned_by: "vllm" })),
};
const ollama = {
  "/v1/models": jsonResponse(
    200,
    list(
      { id: "qwen3:4b", object: "model", created: 1, owned_by: "library" },
      { id: "llava:7b", object: "model", created: 1, owned_by: "library" },
    ),
  ),
  "/api/version": jsonResponse(200, { version: "0.12.3" }),
};
const emptyOllama = { ...ollama, "/v1/models": jsonResponse(200, { object: "list", data: null }) };
const unexpected = jsonResponse(200, { error: "Unexpected endpoint or method. (GET /api/version)" });
const lmStudio = {
  "/v1/models": jsonResponse(200, list({ id: "qwen2-vl-7b", object: "model", owned_by: "organization_owner" })),
  "/api/version": unexpected,
};
const emptyLmStudio = {
  "/v1/models": jsonResponse(200, list()),
  "/api/version": unexpected,
  "/api/v0/models": jsonResponse(200, list()),
};

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function serve(replies: { [path: string]: string }): Promise<ReplayServer & { port: number }> {
  const server = await startReplayServer(({ path }) => ({ response: replies[path] ?? notFound }));
  open.push(server);
  return { ...server, port: portOf(server.url) };
}

const portOf = (url: string): number => Number(new URL(url).port);

function discover(ports: number[], env: KeyVariables = {}, warn: (message: string) => void = () => {}) {
  return discoverUpstreams({ env, fetch, timeout: 2_000, ports, warn });
}

describe("servers on this machine", () => {
  test.each([
    ["llama.cpp", llamaCpp, "llamacpp", "llama.cpp at URL (1 model)"],
    ["vLLM", vllm, "vllm", "vLLM at URL (1 model)"],
    ["Ollama", ollama, "ollama", "Ollama at URL (2 models)"],
    ["an Ollama without models", emptyOllama, "ollama", "Ollama at URL (no model yet)"],
    ["LM Studio", lmStudio, "lmstudio", "LM Studio at URL (1 model)"],
    ["an LM Studio without models", emptyLmStudio, "lmstudio", "LM Studio at URL (no model yet)"],
  ])("%s is known by what it says, whatever its port", async (_product, replies, name, found) => {
    const { url, port } = await serve(replies);
    expect(await discover([port])).toEqual([
      {
        found: found.replace("URL", url),
        settings: expect.objectContaining({ name, kind: "openai-chat", base_url: `${url}/v1`, inline_media: true }),
      },
    ]);
  });

  test("another compatible server is named by its port", async () => {
    const { url, port } = await serve({ "/v1/models": jsonResponse(200, list({ id: "m", owned_by: "me" })) });
    const [found] = await discover([port]);
    expect(found?.settings.name).toBe(`local-${port}`);
    expect(found?.found).toBe(`OpenAI-compatible server at ${url} (1 model)`);
  });

  test("come in the order of the ports, each under a name of its own", async () => {
    const servers = [await serve(ollama), await serve(vllm), await serve(emptyOllama)];
    const ports = servers.map(({ port }) => port);
    const found = await discover(ports);
    expect(found.map(({ settings }) => settings.name)).toEqual(["ollama", "vllm", `ollama-${ports[2]}`]);
  });

  test.each([
    ["a page", rawResponse(200, { "content-type": "text/html" }, "<html></html>")],
    ["an error", jsonResponse(401, list({ id: "m" }))],
    ["a list of another kind", jsonResponse(200, { object: "list", data: [{ name: "m" }] })],
    ["a list with something else in it", jsonResponse(200, list({ id: "m" }, { id: 5 }))],
    ["a list that is none", jsonResponse(200, { object: "list", data: { id: "m" } })],
    ["no list", jsonResponse(200, { data: [{ id: "m" }] })],
    ["null", jsonResponse(200, null)],
    ["a list that is too long", jsonResponse(200, list({ id: "m", note: "x".repeat(2 ** 20) }))],
  ])("who answers with %s is none of them", async (_what, reply) => {
    const { port } = await serve({ "/v1/models": reply, "/api/version": jsonResponse(200, { version: "1" }) });
    expect(await discover([port])).toEqual([]);
  });

  test("a hub is none of them, so that it never finds itself", async () => {
    const hub = await startTestHub();
    open.push(hub);
    const { status } = await fetch(`${hub.url}/v1/models`);
    expect([status, await discover([hub.port])]).toEqual([200, []]);
  });

  test("nobody there is nobody found, and nobody waits for who says nothing", async () => {
    const gone = await startReplayServer([]);
    await gone.close();
    const silent = await startReplayServer(() => ({ hang: "at once" }));
    const partly = rawResponse(200, { "content-type": "application/json", "content-length": "999" }, '{"object":');
    const stuck = await startReplayServer(() => ({ response: partly, hang: "at the end" }));
    open.push(silent, stuck);
    const ports = [gone, silent, stuck].map(({ url }) => portOf(url));
    const begun = performance.now();
    expect(await discoverUpstreams({ env: {}, fetch, timeout: 100, ports })).toEqual([]);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  test("a redirect is not followed", async () => {
    const target = await serve(ollama);
    const { port } = await serve({
      "/v1/models": rawResponse(307, { location: `${target.url}/v1/models`, "content-type": "text/plain" }),
    });
    expect(await discover([port])).toEqual([]);
    expect(target.requests).toEqual([]);
  });

  test("see no key while they are looked at", async () => {
    const server = await serve(ollama);
    const env = { OPENAI_API_KEY: "hush", GEMINI_API_KEY: "hush", OPENAI_BASE_URL: `${server.url}/v1` };
    await discover([server.port], env);
    expect(server.requests.map(({ path }) => path).sort()).toEqual(["/api/v0/models", "/api/version", "/v1/models"]);
    expect(JSON.stringify(server.requests)).not.toContain("hush");
    expect(server.requests.flatMap(({ headers }) => Object.keys(headers))).not.toContain("authorization");
  });
});

describe("keys in the environment", () => {
  const found = async (env: KeyVariables) =>
    (await discover([], env)).map(({ settings: { name, kind, base_url, key }, found: line }) => ({
      upstream: [name, kind, base_url, key],
      line,
    }));

  test.each<[string, KeyVariables, string]>([
    ["GEMINI_API_KEY", { GEMINI_API_KEY: " one\n" }, "Gemini, key from GEMINI_API_KEY"],
    ["GOOGLE_API_KEY", { GOOGLE_API_KEY: "one", GEMINI_API_KEY: "" }, "Gemini, key from GOOGLE_API_KEY"],
    [
      "GOOGLE_API_KEY before GEMINI_API_KEY, as Google's clients do,",
      { GOOGLE_API_KEY: "one", GEMINI_API_KEY: "two" },
      "Gemini, key from GOOGLE_API_KEY (GEMINI_API_KEY is set too and not used)",
    ],
  ])("%s makes a Gemini upstream", async (_name, env, line) => {
    expect(await found(env)).toEqual([{ upstream: ["gemini", "gemini", undefined, "one"], line }]);
  });

  test("OPENAI_API_KEY makes OpenAI itself, also where its address is said", async () => {
    const upstream = ["openai", "openai-responses", "https://api.openai.com/v1", "one"];
    const expected = [{ upstream, line: "OpenAI, key from OPENAI_API_KEY" }];
    expect(await found({ OPENAI_API_KEY: "one" })).toEqual(expected);
    expect(await found({ OPENAI_API_KEY: "one", OPENAI_BASE_URL: "https://api.openai.com/v1/" })).toEqual(expected);
    expect(await found({ OPENAI_BASE_URL: "https://api.openai.com/v1" })).toEqual([]);
  });

  test("OPENAI_BASE_URL makes a compatible server, with and without a key", async () => {
    const url = "https://llm.example.com/v1";
    expect(await found({ OPENAI_BASE_URL: `${url}/`, OPENAI_API_KEY: "one" })).toEqual([
      {
        upstream: ["openai", "openai-chat", url, "one"],
        line: `OpenAI-compatible server at ${url}, key from OPENAI_API_KEY`,
      },
    ]);
    expect(await found({ OPENAI_BASE_URL: url })).toEqual([
      { upstream: ["openai", "openai-chat", url, undefined], line: `OpenAI-compatible server at ${url}` },
    ]);
  });

  test("a server that answers at OPENAI_BASE_URL is there once, and gets the key with its calls", async () => {
    const server = await serve(llamaCpp);
    const env = { OPENAI_BASE_URL: `http://localhost:${server.port}/v1/`, OPENAI_API_KEY: "one" };
    const upstreams = await discover([server.port], env);
    expect(upstreams).toEqual([
      {
        settings: expect.objectContaining({ name: "llamacpp", base_url: `${server.url}/v1`, key: "one" }),
        found: `llama.cpp at ${server.url} (1 model), key from OPENAI_API_KEY`,
      },
    ]);
    const silent = await discover([], env);
    expect(silent.map(({ settings }) => settings)).toMatchObject([{ name: "openai", inline_media: true, key: "one" }]);
  });

  test.each<[KeyVariables, RegExp]>([
    [{ OPENAI_API_KEY: "hush hush" }, /^OPENAI_API_KEY is ignored/],
    [{ GEMINI_API_KEY: "hüsh" }, /^GEMINI_API_KEY is ignored/],
    [{ OPENAI_BASE_URL: "hush", OPENAI_API_KEY: "hush" }, /^OPENAI_BASE_URL is ignored, and OPENAI_API_KEY with it/],
    [{ OPENAI_BASE_URL: "https://me:hush@host/v1", OPENAI_API_KEY: "hush" }, /^OPENAI_BASE_URL is ignored/],
    [{ OPENAI_BASE_URL: "https://host/v1?hush", OPENAI_API_KEY: "hush" }, /^OPENAI_BASE_URL is ignored/],
  ])("%j cannot be used, which is told without the value", async (env, message) => {
    const warnings: string[] = [];
    expect(await discover([], env, (warning) => warnings.push(warning))).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(message)]);
    expect(warnings.join()).not.toMatch(/h[uü]sh/);
  });

  test("gives upstreams what the configuration would give them, but that local models may take longer to load", async () => {
    const yaml =
      "upstreams: [{name: gemini, kind: gemini, key: one}, {name: openai, kind: openai-responses, key: two}]";
    const { upstreams } = await load(...withFile(yaml));
    const discovered = await discover([], { GEMINI_API_KEY: "one", OPENAI_API_KEY: "two" });
    expect(discovered.map(({ settings }) => settings)).toEqual(upstreams);
    const [local] = await discover([(await serve(llamaCpp)).port]);
    expect(local?.settings.first_event_timeout).toBe(300_000);
  });
});

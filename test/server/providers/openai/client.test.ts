import type { OpenAI } from "openai";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createOpenaiClient, isOpenai, type OpenaiClient } from "../../../../server/providers/openai/client.ts";
import type { UpstreamSettings } from "../../../../server/providers/upstream-settings.ts";
import { createTestContext, upstreamAt } from "../../../cases/provider-context.ts";
import { jsonResponse, type ReplyScript, rawResponse, startReplayServer } from "../../../cases/replay-server.ts";
import { until } from "../../../cases/until.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

async function headersOf(settings: Partial<UpstreamSettings>) {
  const context = createTestContext();
  const server = await startReplayServer([{ response: jsonResponse(200, { data: [] }) }]);
  await createOpenaiClient(upstreamAt("openai-chat", `${server.url}/v1`, settings), context).models.list();
  await Promise.all([context.close(), server.close()]);
  return server.requests[0]?.headers ?? {};
}

describe("the client of an upstream", () => {
  it("takes nothing from the environment, which is meant for OpenAI", async () => {
    vi.stubEnv("OPENAI_API_KEY", "sk-environment");
    vi.stubEnv("OPENAI_ADMIN_KEY", "sk-environment");
    vi.stubEnv("OPENAI_ORG_ID", "org-environment");
    vi.stubEnv("OPENAI_PROJECT_ID", "proj-environment");
    vi.stubEnv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer environment\nX-Secret: environment");
    vi.stubEnv("OPENAI_BASE_URL", "http://127.0.0.1:1/environment");
    expect(JSON.stringify(await headersOf({}))).not.toContain("environment");
    const keyed = await headersOf({ key: "secret" });
    expect(keyed.authorization).toBe("Bearer secret");
    expect(JSON.stringify(keyed)).not.toContain("environment");
  });

  it("says that it is the official one", async () => {
    expect((await headersOf({}))["user-agent"]).toMatch(/^OpenAI\/JS \d/);
  });

  it("lets the configuration set any header, the key's too", async () => {
    const headers = await headersOf({ headers: { Authorization: "Basic abc", "X-Title": "Hub" } });
    expect(headers).toMatchObject({ authorization: "Basic abc", "x-title": "Hub" });
  });
});

describe("what is sent for who reads the answer himself", () => {
  const body: OpenAI.Chat.ChatCompletionCreateParamsStreaming = {
    model: "tiny",
    messages: [{ role: "user", content: "Grüß dich" }],
    stream: true,
  };
  type Way = (client: OpenaiClient, signal: AbortSignal) => Promise<Response>;
  const official: Way = (client, signal) => client.chat.completions.create(body, { signal }).asResponse();
  const short: Way = (client, signal) => client.send("/chat/completions", body, signal);

  async function serve(replies: ReplyScript[], settings: Partial<UpstreamSettings> = {}, path = "/v1") {
    const context = createTestContext();
    const server = await startReplayServer(replies);
    onTestFinished(async () => {
      await Promise.all([context.close(), server.close()]);
    });
    const client = createOpenaiClient(upstreamAt("openai-chat", `${server.url}${path}`, settings), context);
    return { client, server, ask: (way: Way, signal = new AbortController().signal) => way(client, signal) };
  }

  it.each([
    ["without a key", {}, "/v1"],
    ["with a key and headers", { key: "secret", headers: { "X-Title": "Hub", Accept: "text/event-stream" } }, "/v1"],
    ["to an address with a slash and a question", {}, "/v1/?api-version=2"],
  ])("is what the client's own method sends, %s", async (_, settings, path) => {
    const answer: ReplyScript = { response: jsonResponse(200, { said: "Hi" }) };
    const { server, ask } = await serve([answer, answer, answer], settings, path);
    for (const way of [official, short, short]) expect(await (await ask(way)).json()).toEqual({ said: "Hi" });
    const [wanted, ...others] = server.requests.map(({ method, path, headers, body }) => ({
      method,
      path,
      headers,
      body,
    }));
    expect(wanted).toMatchObject({ method: "POST", body: JSON.stringify(body) });
    expect(others).toEqual([wanted, wanted]);
  });

  it.each([
    ["an error", jsonResponse(400, { error: { message: "Too long.", code: "too_long", param: "messages" } })],
    ["an error without its wrapping", jsonResponse(422, { message: "Too long." })],
    ["a list", jsonResponse(429, [{ error: { message: "Slow down." } }], { "retry-after": "4" })],
    ["a page", rawResponse(502, { "content-type": "text/html" }, "<html>Bad Gateway</html>")],
    ["nothing", rawResponse(500, {}, "")],
    ["an empty object", jsonResponse(404, {})],
    ["null", jsonResponse(401, null)],
  ])("is refused as the client's own method is: %s", async (_, response) => {
    const { ask } = await serve([{ response }, { response }]);
    const [wanted, other] = [await ask(official).catch(toMembers), await ask(short).catch(toMembers)];
    expect(wanted).toMatchObject({ name: expect.stringMatching(/Error$/) });
    expect(other).toEqual(wanted);
  });

  it("ends when its signal aborts, with the signal's reason", async () => {
    const { server, ask } = await serve([{ hang: "at once" }]);
    const controller = new AbortController();
    const waiting = ask(short, controller.signal);
    await until(() => server.requests.length === 1);
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await until(() => server.requests[0]?.leftByClient() === true);
  });

  function toMembers(error: Error & { headers?: Headers }) {
    const { headers, ...members } = error;
    const kept = [...(headers ?? [])].filter(([name]) => name !== "date");
    return { ...members, kind: error.constructor, name: error.constructor.name, message: error.message, headers: kept };
  }
});

describe("OpenAI itself", () => {
  it("is told from its many kin by its address", () => {
    expect(isOpenai({})).toBe(true);
    expect(isOpenai({ base_url: "https://api.openai.com/v1/" })).toBe(true);
    expect(isOpenai({ base_url: "https://api.openai.com.example/v1" })).toBe(false);
    expect(isOpenai({ base_url: "http://127.0.0.1:8080/v1" })).toBe(false);
  });
});

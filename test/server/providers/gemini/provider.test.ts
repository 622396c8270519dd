import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ProviderEvent } from "../../../../schema/core/event.ts";
import type { JsonObject } from "../../../../schema/core/json.ts";
import type { ModelCall } from "../../../../schema/provider.ts";
import { connectGemini, recordedEvents, streamOf } from "../../../cases/gemini-provider.ts";
import { composedAnswer } from "../../../cases/generate-content-provider.ts";
import { callOf, describeProvider, eventsOf, foldOf } from "../../../cases/provider.ts";
import {
  jsonResponse,
  type ReplayServer,
  type ReplyScript,
  rawResponse,
  startReplayServer,
  streamResponse,
} from "../../../cases/replay-server.ts";
import { until } from "../../../cases/until.ts";

const names = [
  "basic",
  "google-search",
  "tool-call-step1",
  "tool-call-step2",
  "multi-turn-stateful-turn1",
  "multi-turn-stateful-turn2",
  "multi-turn-stateless-turn2",
];

let server: ReplayServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function replay(replies: Parameters<typeof startReplayServer>[0]): Promise<ReplayServer> {
  server = await startReplayServer(replies);
  return server;
}

const listed = jsonResponse(200, { models: [{ name: "models/gemini-3.8-flash" }] });

describe("at a server that answers as recorded", () => {
  let replayed: ReplayServer;
  beforeAll(async () => {
    replayed = await startReplayServer(({ method, json }): ReplyScript => {
      if (method === "GET") return { response: listed };
      const { model } = json as { model: string };
      const [pace, name = ""] = model.split("/");
      const response = streamResponse(streamOf(recordedEvents(name)));
      // In the midst of the answer, for seconds.
      return pace === "slow" ? { response, split: "records", delayBetweenPieces: 300 } : { response };
    });
  });
  afterAll(() => replayed.close());

  describeProvider("gemini", {
    create: (pace) => {
      const provider = connectGemini(replayed.url);
      const paced = (call: ModelCall): ModelCall => ({ ...call, model: `${pace}/${call.model}` });
      return { ...provider, run: (call, signal) => provider.run(paced(call), signal) };
    },
    calls: new Map(names.map((name) => [`the recording ${name}`, callOf(name, "Hello")])),
  });
});

describe("a stream", () => {
  const whole = streamOf(recordedEvents("tool-call-step2").map(withUmlauts));
  const call = callOf("gemini-2.5-flash", "Hello");

  /** The words are not recorded with characters of several bytes. */
  function withUmlauts(event: JsonObject): JsonObject {
    return JSON.parse(JSON.stringify(event).replaceAll("27 degrees Celsius", "27 °C 🎈"));
  }

  it("says the same however it is split, and with other line ends", async () => {
    const { url } = await replay((_, index) => ({
      response: streamResponse(whole),
      ...[{}, { crlf: true }, { split: [...Buffer.from(whole).keys()] }, { split: "records" as const }][index],
    }));
    const provider = connectGemini(url);
    const said = await eventsOf(provider, call);
    expect(JSON.stringify(said)).toContain("27 °C 🎈");
    for (let way = 1; way < 4; way += 1) expect(await eventsOf(provider, call), `${way}`).toEqual(said);
  });

  it("that is cut at any byte says what came, and never looks complete", { timeout: 60_000 }, async () => {
    const bytes = Buffer.from(whole);
    // The last record of the answer is whole with its blank line.
    const end = bytes.indexOf("event: done");
    let cutAfter = end;
    const { url } = await replay(({ method }) =>
      method === "GET"
        ? { response: jsonResponse(404, { error: { code: "not_found", message: "Interaction not found." } }) }
        : { response: streamResponse(whole), cutAfter },
    );
    const provider = connectGemini(url);
    const complete = await eventsOf(provider, call);
    expect(complete.at(-1)?.type).toBe("finish");
    for (cutAfter = 0; cutAfter < end; cutAfter += 1) {
      const said: ProviderEvent[] = [];
      const listening = (async () => {
        for await (const event of provider.run(call, new AbortController().signal)) said.push(event);
      })();
      await expect(listening, `cut after ${cutAfter}`).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:upstream_error|unavailable)$/),
      });
      expect(said).toEqual(complete.slice(0, said.length));
      expect(said.some(({ type }) => type === "finish")).toBe(false);
    }
  });

  it("closes its connection at once when nobody listens any more", async () => {
    const replayed = await replay([{ response: streamResponse(whole), split: "records", delayBetweenPieces: 100 }]);
    for await (const event of connectGemini(replayed.url).run(call, new AbortController().signal))
      if (event.type === "step.start") break;
    const [request] = replayed.requests;
    await request?.closed;
    expect(request?.leftByClient()).toBe(true);
  });

  it("that falls silent has failed in time", async () => {
    const { url } = await replay([
      { response: streamResponse(whole), cutAfter: 1000, hang: "at the end" },
      { response: jsonResponse(404, { error: { code: "not_found", message: "gone" } }) },
    ]);
    const silent = connectGemini(url, { idle_timeout: 50, first_event_timeout: 50 });
    await expect(eventsOf(silent, call)).rejects.toMatchObject({ code: /deadline_exceeded|upstream_error/ });
  });

  it("that is none is the upstream's fault", async () => {
    const { url } = await replay([
      { response: jsonResponse(200, { id: "v1_x", status: "completed", steps: [] }) },
      { response: rawResponse(200, { "content-type": "text/html" }, "<html>Sign in</html>") },
      { response: streamResponse('data: [{"error":{"code":503,"message":"Overloaded.","status":"UNAVAILABLE"}}]\n\n') },
      { response: streamResponse("data: what is this\n\n") },
    ]);
    const provider = connectGemini(url);
    const message = expect.stringContaining("answered a request for a stream with");
    for (let way = 0; way < 2; way += 1)
      await expect(eventsOf(provider, call)).rejects.toMatchObject({ code: "upstream_error", message });
    await expect(eventsOf(provider, call)).rejects.toMatchObject({ code: "unavailable" });
    await expect(eventsOf(provider, call)).rejects.toMatchObject({ code: "upstream_error" });
  });
});

describe("a refusal", () => {
  const errors: [status: number, error: JsonObject, code: string][] = [
    [400, { code: "invalid_request", message: "Unknown parameter 'x'." }, "invalid_request"],
    [403, { code: "permission_denied", message: "No." }, "upstream_error"],
    [404, { code: "model_not_found", message: "The model 'x' does not exist." }, "model_not_found"],
    [429, { code: "rate_limit_exceeded", message: "Slow down." }, "rate_limit_exceeded"],
    [429, { code: "quota_exceeded", message: "Used up." }, "quota_exceeded"],
    [503, { code: "service_unavailable", message: "Overloaded." }, "unavailable"],
    [504, { code: "deadline_exceeded", message: "Too late." }, "deadline_exceeded"],
  ];

  it.each(errors)("of %i %j is told by its cause", async (status, error, code) => {
    const { url } = await replay([{ response: jsonResponse(status, { error }, { "retry-after": "7" }) }]);
    const refused = await eventsOf(connectGemini(url), callOf("m", "Hi")).catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({ code });
    if (status === 429) expect(refused).toMatchObject({ retryAfter: 7 });
  });

  it("that comes as the first event of a stream is told like any other, and asked again if it may pass", async () => {
    const event = { event_type: "error", error: { code: "service_unavailable", message: "Overloaded." } };
    const [created] = recordedEvents("basic");
    const { url, requests } = await replay((_, index) => ({
      response: streamResponse(
        streamOf(index === 1 ? recordedEvents("basic") : index === 2 ? [{ ...created }, event] : [event]),
      ),
    }));
    expect(foldOf(await eventsOf(connectGemini(url, { retries: 1 }), callOf("m", "Hi"))).status).toBe("completed");
    await expect(eventsOf(connectGemini(url), callOf("m", "Hi"))).rejects.toMatchObject({ code: "unavailable" });
    expect(requests).toHaveLength(3);
  });
});

describe("a model that only speaks generateContent", () => {
  const answer = composedAnswer("text");
  const refusal = { code: "invalid_request", message: "Model 'x' is not supported by the Interactions API." };

  const serve = (): ReturnType<typeof replay> =>
    replay(({ path }) =>
      path.includes("/interactions")
        ? { response: jsonResponse(400, { error: refusal }) }
        : { response: rawResponse(200, { "content-type": "text/event-stream" }, answer) },
    );

  it.each([
    ["gemma-4-27b-it", "auto"],
    ["gemini-2.0-flash", "auto"],
    ["gemini-3.8-flash", "generate-content"],
  ] as const)("%s is asked by it under the protocol %s", async (model, protocol) => {
    const { url, requests } = await serve();
    expect(foldOf(await eventsOf(connectGemini(url, { protocol }), callOf(model, "Hi"))).status).toBe("completed");
    expect(requests.map(({ path }) => path)).toEqual([
      expect.stringContaining(`models/${model}:streamGenerateContent`),
    ]);
  });

  it("is found out once, and remembered", async () => {
    const { url, requests } = await serve();
    const provider = connectGemini(url);
    const call = callOf("gemini-9-odd", "Hi");
    await eventsOf(provider, call);
    await eventsOf(provider, call);
    expect(requests.map(({ path }) => (path.includes("/interactions") ? "interactions" : "generateContent"))).toEqual([
      "interactions",
      "generateContent",
      "generateContent",
    ]);
    expect(provider.refuse({ ...call, settings: { environment: "remote" } })?.field).toBe("environment");
    expect(
      provider.refuse({ ...callOf("gemini-3.8-flash", "Hi"), settings: { environment: "remote" } }),
    ).toBeUndefined();
  });

  it("is refused what it cannot be asked for, also when that is found out late", async () => {
    const { url, requests } = await serve();
    const call = { ...callOf("gemini-9-odd", "Hi"), settings: { environment: "remote" } };
    await expect(eventsOf(connectGemini(url), call)).rejects.toMatchObject({
      code: "invalid_request",
      field: "environment",
    });
    expect(requests).toHaveLength(1);
  });

  it("is asked by no other protocol than the one that is set up", async () => {
    const { url } = await serve();
    const strict = connectGemini(url, { protocol: "interactions" });
    await expect(eventsOf(strict, callOf("gemini-9-odd", "Hi"))).rejects.toMatchObject({ code: "invalid_request" });
    await expect(eventsOf(strict, callOf("gemma-3-27b-it", "Hi"))).rejects.toMatchObject({ code: "invalid_request" });
  });
});

describe("an agent", () => {
  const call: ModelCall = {
    agent: "deep-research-preview-04-2026",
    history: [],
    input: [],
    background: true,
    settings: {
      agent_config: { type: "deep-research", thinking_summaries: "auto" },
      tools: [{ type: "mcp_server", name: "s", url: "https://mcp.example", headers: { authorization: "secret" } }],
      extra: { future: 1 },
    },
  };

  it("is asked with all that the call says, and reaches MCP servers itself", async () => {
    const { url, requests } = await replay([{ response: streamResponse(streamOf(recordedEvents("basic"))) }]);
    const provider = connectGemini(url);
    expect(provider.reachesMcpServers?.(call)).toBe(true);
    expect(provider.reachesMcpServers?.(callOf("gemini-3.8-flash", "Hi"))).toBe(false);
    expect(provider.refuse(call)).toBeUndefined();
    await eventsOf(provider, call);
    expect(requests[0]?.json).toEqual({
      agent: "deep-research-preview-04-2026",
      ...{ agent_config: call.settings.agent_config, tools: call.settings.tools, future: 1 },
      ...{ background: true, stream: true },
    });
  });
});

describe("media at a URI", () => {
  it("are sent as bytes where that is set up, except those that only Google can fetch", async () => {
    const { url, requests } = await replay(() => ({ response: streamResponse(streamOf(recordedEvents("basic"))) }));
    const image = { type: "image" as const, uri: "https://images.example/a.png" };
    const file = { type: "document" as const, uri: "https://generativelanguage.googleapis.com/v1beta/files/abc" };
    const call: ModelCall = { ...callOf("m", ""), input: [{ type: "user_input", content: [image, file] }] };
    await eventsOf(connectGemini(url), call);
    const fetchMedia = async () => ({ data: "QUJD", mime_type: "image/png" });
    await eventsOf(connectGemini(url, { inline_media: true }, { fetchMedia }), call);
    const sent = requests.map(({ json }) => (json as { input: { content: JsonObject[] }[] }).input[0]?.content);
    expect(sent[0]).toEqual([image, file]);
    expect(sent[1]).toEqual([{ type: "image", data: "QUJD", mime_type: "image/png" }, file]);
  });
});

it("waits for nothing that it does not read", async () => {
  const replayed = await replay([{ response: streamResponse(streamOf(recordedEvents("basic"))), hang: "at the end" }]);
  const events = await eventsOf(connectGemini(replayed.url), callOf("m", "Hi"));
  expect(events.at(-1)?.type).toBe("finish");
  await until(() => replayed.openConnections() === 0);
});

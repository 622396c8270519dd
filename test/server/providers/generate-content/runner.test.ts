import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import type { ModelCall } from "../../../../schema/provider.ts";
import { failureOf } from "../../../cases/failure-of.ts";
import {
  composedAnswer,
  generateContentProvider,
  startGenerateContent,
} from "../../../cases/generate-content-provider.ts";
import { callOf, describeProvider, eventsOf, foldOf } from "../../../cases/provider.ts";
import { jsonResponse, type ReplyScript, startReplayServer, streamResponse } from "../../../cases/replay-server.ts";

afterEach(() => vi.unstubAllEnvs());

const call = (members: Partial<ModelCall> = {}): ModelCall => ({ ...callOf("gemini-3.8-flash", "Hi"), ...members });

const answers = [
  "text",
  "thoughts",
  "function-call",
  "function-call-without-id",
  "code-execution",
  "google-search-metadata",
  "google-search-parts",
  "file-search-metadata",
  "file-search-parts",
  "url-context",
  "image",
  "prompt-blocked",
  "no-image",
];

describe("composed answers", async () => {
  const asked = (json: unknown): string =>
    JSON.stringify(json).match(/answer ([\w-]+)/)?.[1] ?? "there is no such answer";
  const reply = (delayBetweenPieces?: number) => {
    return ({ json }: { json: unknown }): ReplyScript => ({
      response: streamResponse(composedAnswer(asked(json))),
      split: "records",
      ...(delayBetweenPieces === undefined ? {} : { delayBetweenPieces }),
    });
  };
  const quick = await startReplayServer(reply());
  const slow = await startReplayServer(reply(3_000));
  afterAll(() => Promise.all([quick.close(), slow.close()]));
  describeProvider("the generateContent runner", {
    create: (pace) => generateContentProvider((pace === "quick" ? quick : slow).url),
    calls: new Map(answers.map((name) => [name, callOf("gemini-3.8-flash", `answer ${name}`)])),
  });
});

describe("a stream", () => {
  it("says the same however it is cut into pieces, also inside a character, and whatever its line ends are", async () => {
    const body = composedAnswer("google-search-metadata");
    const bytes = Array.from({ length: Buffer.byteLength(body) }, (_, index) => index);
    const { provider } = await startGenerateContent([
      { response: streamResponse(body) },
      { response: streamResponse(body), split: bytes },
      { response: streamResponse(body.replaceAll("\r\n", "\n")) },
      { response: streamResponse(body.replaceAll("\r\n", "\r")), split: "records" },
    ]);
    const whole = await eventsOf(provider, call());
    expect(body).toContain("\r\n\r\n");
    expect(/[^\p{ASCII}]/u.test(body)).toBe(true);
    for (let way = 0; way < 3; way += 1) expect(await eventsOf(provider, call())).toEqual(whole);
  });

  it("never looks complete when it is cut, wherever that is", async () => {
    const body = composedAnswer("function-call");
    const { provider } = await startGenerateContent((_, index) => ({
      response: streamResponse(body),
      cutAfter: index,
    }));
    for (let length = 0; length < Buffer.byteLength(body); length += 1) {
      const { events, error } = await failureOf(provider, call());
      expect(events.filter((event) => event.type === "finish")).toEqual([]);
      expect(["upstream_error", "unavailable"]).toContain(error.code);
      expect(() => foldOf(events)).not.toThrow();
    }
  });

  it("never looks complete when its body ends well but too early", async () => {
    const body = composedAnswer("function-call");
    const { provider } = await startGenerateContent((_, index) => ({ response: streamResponse(body.slice(0, index)) }));
    // Its last \r ends the blank line after the last record, of which nothing is missing then.
    for (let length = 0; length < body.length - 1; length += 1) {
      const { error } = await failureOf(provider, call());
      expect(error).toMatchObject({ code: "upstream_error", message: expect.stringContaining("'gemini' broke off") });
    }
  });

  it("is a failure where a record is no JSON, or tells of one", async () => {
    const { provider } = await startGenerateContent([
      { response: streamResponse("data: <html>\n\n") },
      {
        response: streamResponse(
          'data: {"error":{"code":429,"message":"Slow down.","status":"RESOURCE_EXHAUSTED"}}\n\n',
        ),
      },
    ]);
    expect((await failureOf(provider, call())).error).toMatchObject({ code: "upstream_error" });
    expect((await failureOf(provider, call())).error).toMatchObject({ code: "rate_limit_exceeded" });
  });

  it("keeps what was said before it failed, also where both arrived together", async () => {
    const error = 'data: {"error":{"code":503,"message":"Overloaded.","status":"UNAVAILABLE"}}\n\n';
    const [first = ""] = composedAnswer("text").split(/(?<=\n\n)/);
    const { provider } = await startGenerateContent([{ response: streamResponse(first + error) }]);
    const failure = await failureOf(provider, call());
    expect(failure.error).toMatchObject({ code: "unavailable" });
    expect(foldOf(failure.events).output).toEqual([
      { type: "model_output", content: [{ type: "text", text: "The kettle is on." }] },
    ]);
  });

  it("goes on where the upstream stops only to be asked on", async () => {
    const chunk = (text: string, ending: object): string =>
      `data: ${JSON.stringify({ candidates: [{ content: { parts: [{ text }] }, ...ending }] })}\n\n`;
    const { server, provider } = await startGenerateContent([
      { response: streamResponse(chunk("One ", { finishReason: "CONTINUATION", continuationToken: "bmV4dA==" })) },
      { response: streamResponse(chunk("two.", { finishReason: "STOP" })) },
    ]);
    const answer = foldOf(await eventsOf(provider, call()));
    expect(answer).toMatchObject({ status: "completed", output: [{ content: [{ text: "One two." }] }] });
    expect(server.requests.map(({ json }) => json)).toMatchObject([
      { contents: [{}] },
      { contents: [{}], continuationToken: "bmV4dA==" },
    ]);
  });
});

describe("a request", () => {
  const answer: ReplyScript = { response: streamResponse(composedAnswer("text")) };

  it("goes where Google's client sends it, with the hub's key and the headers of the upstream", async () => {
    vi.stubEnv("GOOGLE_API_KEY", "from-the-environment");
    vi.stubEnv("GOOGLE_GENAI_USE_VERTEXAI", "true");
    const { server, provider } = await startGenerateContent([answer], { headers: { "x-team": "red" } });
    await eventsOf(provider, call({ settings: { generation_config: { seed: 7 }, tools: [{ type: "url_context" }] } }));
    const [request] = server.requests;
    expect(request).toMatchObject({
      method: "POST",
      path: "/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse",
      headers: { "x-goog-api-key": "the-hubs-key", "x-team": "red", "content-type": "application/json" },
    });
    expect(request?.json).toEqual({
      contents: [{ role: "user", parts: [{ text: "Hi" }] }],
      generationConfig: { seed: 7 },
      tools: [{ urlContext: {} }],
      toolConfig: { includeServerSideToolInvocations: true },
    });
  });

  it("has the caller's key where that is wanted, and none where there is none", async () => {
    const { server, provider } = await startGenerateContent([answer], { caller_key: true });
    await eventsOf(provider, call({ caller_key: "the-callers-key" }));
    expect(server.requests[0]?.headers["x-goog-api-key"]).toBe("the-callers-key");
    expect((await failureOf(provider, call())).error).toMatchObject({ code: "authentication" });
    expect(server.requests).toHaveLength(1);

    const open = await startGenerateContent([answer], { key: undefined });
    await eventsOf(open.provider, call());
    expect(open.server.requests[0]?.headers).not.toHaveProperty("x-goog-api-key");
  });

  it("has the bytes of media in it where the upstream fetches none", async () => {
    const { server, provider } = await startGenerateContent(
      [answer],
      { inline_media: true },
      { fetchMedia: async (uri) => ({ data: Buffer.from(uri).toString("base64"), mime_type: "image/png" }) },
    );
    const input: ModelCall["input"] = [
      { type: "user_input", content: [{ type: "image", uri: "https://a.example/b.png" }] },
    ];
    await eventsOf(provider, call({ input }));
    expect(server.requests[0]?.json).toMatchObject({
      contents: [
        {
          parts: [
            { inlineData: { mimeType: "image/png", data: Buffer.from("https://a.example/b.png").toString("base64") } },
          ],
        },
      ],
    });
  });

  it("tells first what it could not say, and only once somebody answers", async () => {
    const { provider } = await startGenerateContent([{ response: jsonResponse(500, {}) }, answer]);
    const degraded = call({
      history: [{ type: "thought", signature: { value: "c2ln", provider: "other" } }],
    });
    expect((await failureOf(provider, degraded)).events).toEqual([]);
    expect((await eventsOf(provider, degraded))[0]).toEqual({
      type: "degraded",
      degradations: [{ field: "history[0]", message: expect.stringContaining("'gemini'") }],
    });
  });
});

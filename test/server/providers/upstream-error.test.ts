import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { HubError } from "../../../schema/core/error.ts";
import { upstreamHttpError } from "../../../server/providers/upstream-error.ts";
import { mayPass } from "../../../server/providers/upstream-trouble.ts";

/** The body of a recorded reply of llama.cpp. */
function recordedBody(name: string): string {
  const text = readFileSync(new URL(`../../fixtures/openai-compatible/${name}.response.txt`, import.meta.url), "utf8");
  return text.slice(text.indexOf("\r\n\r\n") + 4);
}

const openai = (message: string, type: string, code: string | null) =>
  JSON.stringify({ error: { message, type, param: null, code } });
const google = (code: number, status: string, message: string, details: object[] = []) =>
  JSON.stringify({ error: { code, message, status, details } });
const none = new Headers();

type Row = [name: string, status: number, body: string, code: string, message: string | RegExp];

const rows: Row[] = [
  [
    "OpenAI: a context that is too long",
    400,
    openai("This model's maximum context length is 8192 tokens.", "invalid_request_error", "context_length_exceeded"),
    "invalid_request",
    "The upstream 'local' refused the request: This model's maximum context length is 8192 tokens.",
  ],
  [
    "llama.cpp: a context that is too long",
    400,
    recordedBody("chat-context-error"),
    "invalid_request",
    "The upstream 'local' refused the request: request (22509 tokens) exceeds the available context size (4096 tokens), try increasing it",
  ],
  [
    "llama.cpp: a malformed request",
    400,
    recordedBody("chat-malformed-error"),
    "invalid_request",
    "The upstream 'local' refused the request: Expected 'messages' to be an array",
  ],
  [
    "OpenAI: a model that is not there",
    404,
    openai("The model `gpt-9` does not exist.", "invalid_request_error", "model_not_found"),
    "model_not_found",
    "The upstream 'local' does not have the model: The model `gpt-9` does not exist.",
  ],
  [
    "LM Studio: a model that is not there",
    400,
    openai("Failed to load model.", "invalid_request_error", "model_not_found"),
    "model_not_found",
    /Failed to load/,
  ],
  [
    "Ollama: a model that is not there",
    404,
    '{"error":"model \\"qwen\\" not found, try pulling it first"}',
    "model_not_found",
    "The upstream 'local' does not have the model: model \"qwen\" not found, try pulling it first",
  ],
  [
    "Google: a model that is not there",
    404,
    google(404, "NOT_FOUND", "models/gemini-9 is not found for API version v1beta."),
    "model_not_found",
    /gemini-9/,
  ],
  [
    "FastAPI: an address that is not there",
    404,
    '{"detail":"Not Found"}',
    "upstream_error",
    "The upstream 'local' does not know what it was asked for: Not Found",
  ],
  [
    "FastAPI: complaints",
    422,
    '{"detail":[{"type":"missing","loc":["body","messages"],"msg":"Field required","input":{"secret":1}},{"loc":["body","n",0],"msg":"too small"}]}',
    "invalid_request",
    "The upstream 'local' refused the request: messages: Field required; n.0: too small",
  ],
  [
    "OpenAI: too many requests",
    429,
    openai("Rate limit reached for gpt-4o", "requests", "rate_limit_exceeded"),
    "rate_limit_exceeded",
    "The upstream 'local' takes no more requests for now: Rate limit reached for gpt-4o",
  ],
  [
    "OpenAI: no money",
    429,
    openai("You exceeded your current quota.", "insufficient_quota", "insufficient_quota"),
    "quota_exceeded",
    /a quota is used up: You exceeded/,
  ],
  ["OpenRouter: no money", 402, '{"error":{"code":402,"message":"Insufficient credits"}}', "quota_exceeded", /credits/],
  ["Google: too many requests", 429, google(429, "RESOURCE_EXHAUSTED", "Slow down."), "rate_limit_exceeded", /Slow/],
  [
    "Google: a day's quota",
    429,
    google(429, "RESOURCE_EXHAUSTED", "You exceeded your quota.", [
      { violations: [{ quotaId: "GenerateRequestsPerDayPerProjectPerModel-FreeTier" }] },
    ]),
    "quota_exceeded",
    /quota/,
  ],
  [
    "Google's Interactions API: a bad request",
    400,
    '{"error":{"code":"invalid_request","message":"Request contains an invalid argument."}}',
    "invalid_request",
    /invalid argument/,
  ],
  ["a request that is too large", 413, "<html>413</html>", "request_too_large", /^The request is too large for the/],
  ["too slow a client", 408, "", "deadline_exceeded", "The upstream 'local' ran out of time (status 408)."],
  ["Google: too slow", 504, google(504, "DEADLINE_EXCEEDED", "Too slow."), "deadline_exceeded", /Too slow/],
  [
    "llama.cpp: still loading",
    503,
    '{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}',
    "unavailable",
    "The upstream 'local' is not available now: Loading model",
  ],
  [
    "a page of a proxy",
    502,
    "<html>\r\n<head><title>502 Bad Gateway</title></head></html>",
    "unavailable",
    "The upstream 'local' is not available now (status 502).",
  ],
  ["plain text", 503, "upstream connect error\n", "unavailable", /: upstream connect error$/],
  [
    "an overload",
    529,
    '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
    "unavailable",
    /Over/,
  ],
  ["a bug", 500, "", "upstream_error", "The upstream 'local' failed (status 500)."],
  [
    "llama.cpp: an image for a model without eyes",
    500,
    '{"error":{"code":500,"message":"image input is not supported","type":"server_error"}}',
    "upstream_error",
    "The upstream 'local' failed: image input is not supported",
  ],
  [
    "what is not built",
    501,
    '{"error":{"code":501,"message":"no","type":"not_supported_error"}}',
    "upstream_error",
    /no$/,
  ],
  ["a teapot", 418, "", "upstream_error", "The upstream 'local' failed (status 418)."],
  ["a body that is JSON and says nothing", 400, "[]", "invalid_request", /\(status 400\)\.$/],
  ["a body that is no object", 400, "null", "invalid_request", /\(status 400\)\.$/],
];

describe("an upstream's refusal", () => {
  it.each(rows)("is named by its cause: %s", (_, status, body, code, message) => {
    const error = upstreamHttpError("local", status, none, body);
    expect(error).toBeInstanceOf(HubError);
    expect(error.code).toBe(code);
    if (typeof message === "string") expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });

  it.each([
    [
      401,
      openai("Incorrect API key provided: sk-proj-abc123def456ghi789.", "invalid_request_error", "invalid_api_key"),
    ],
    [403, openai("Key sk-proj-abc123def456ghi789 may not do this.", "permission_error", null)],
    [401, `[${google(401, "UNAUTHENTICATED", "Bad key sk-proj-abc123def456ghi789")}]`],
    [400, google(400, "INVALID_ARGUMENT", "API key not valid.", [{ reason: "API_KEY_INVALID" }])],
    [401, "no such key: sk-proj-abc123def456ghi789"],
  ])("of the key is the hub's trouble, and repeats no key anywhere (status %s)", (status, body) => {
    const error = upstreamHttpError("local", status, none, body);
    expect(error.code).toBe("upstream_error");
    expect(error.message).toBe(`The upstream 'local' refused the hub's key (status ${status}).`);
    expect(String(error.cause)).not.toContain("abc123");
    expect(mayPass(error)).toBe(false);
  });

  it("repeats no key, whatever it is about", () => {
    const body = openai("Malformed header: Bearer sk-proj-abc123def456ghi789", "invalid_request_error", null);
    const error = upstreamHttpError("local", 400, none, body);
    expect(error.message).toBe("The upstream 'local' refused the request: Malformed header: [hidden]");
    expect(String(error.cause)).not.toContain("abc123");
  });

  it("of the key is the client's trouble where the client's key was used", () => {
    const codes = [401, 403, 400].map((status) => {
      const body = google(status, "", "", status === 400 ? [{ reason: "API_KEY_INVALID" }] : []);
      return upstreamHttpError("google", status, none, body, { callerKey: true }).code;
    });
    expect(codes).toEqual(["authentication", "permission_denied", "authentication"]);
  });

  it("is shortened, to one line", () => {
    const error = upstreamHttpError("local", 400, none, openai(`line\n\n${"🎈".repeat(1000)}`, "", null));
    expect(error.message.length).toBeLessThan(400);
    expect(error.message).toMatch(/: line 🎈+…$/u);
  });

  it("keeps for the log what the body says, without the markup of a page", () => {
    const error = upstreamHttpError("local", 502, none, "<html><body><h1>502 Bad Gateway</h1>nginx</body></html>");
    expect(String(error.cause)).toContain("status 502: 502 Bad Gateway nginx");
  });
});

describe("an error inside a stream", () => {
  it.each([
    ['{"error":{"code":429,"message":"Slow down","type":"rate_limit_exceeded"}}', "rate_limit_exceeded"],
    ['{"error":{"message":"The server had an error","type":"server_error","code":null}}', "upstream_error"],
    [
      '{"error":{"message":"Too long","type":"invalid_request_error","code":"context_length_exceeded"}}',
      "invalid_request",
    ],
    ['{"error":{"code":"service_unavailable","message":"Busy"}}', "unavailable"],
    ['{"error":{"code":503,"status":"UNAVAILABLE","message":"Overloaded"}}', "unavailable"],
    ['{"error":{"code":"gateway_timeout","message":"Late"}}', "deadline_exceeded"],
    ['{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', "unavailable"],
    ['{"error":"out of memory"}', "upstream_error"],
  ])("is named by its body: %s", (body, code) => {
    expect(upstreamHttpError("local", 200, none, body).code).toBe(code);
  });
});

describe("the time to wait", () => {
  const wait = (headers: Record<string, string>, status = 429, body = ""): number | undefined =>
    upstreamHttpError("local", status, new Headers(headers), body).retryAfter;

  it("is told in seconds, in milliseconds, or as a date by the upstream's own clock", () => {
    expect(wait({ "retry-after": "7" })).toBe(7);
    expect(wait({ "retry-after-ms": "1500", "retry-after": "2" })).toBe(1.5);
    const date = "Tue, 05 May 2026 10:00:00 GMT";
    expect(wait({ "retry-after": "Tue, 05 May 2026 10:00:30 GMT", date })).toBe(30);
    expect(wait({ "retry-after": "Tue, 05 May 2026 09:00:00 GMT", date })).toBe(0);
  });

  it("is unknown where nobody can make sense of it", () => {
    expect(wait({})).toBeUndefined();
    expect(wait({ "retry-after": "soon" })).toBeUndefined();
    expect(wait({ "retry-after": "-3" })).toBeUndefined();
    expect(wait({ "retry-after": "Tue, 05 May 2026 10:00:30 GMT" })).toBeUndefined();
  });

  it("may stand in Google's details", () => {
    expect(wait({}, 429, google(429, "RESOURCE_EXHAUSTED", "", [{ retryDelay: "34.5s" }]))).toBe(34.5);
  });

  it("is passed on for refusals that end by themselves only", () => {
    for (const status of [429, 502, 503, 504, 529]) expect(wait({ "retry-after": "3" }, status)).toBe(3);
    for (const status of [400, 401, 404, 500, 501]) expect(wait({ "retry-after": "3" }, status)).toBeUndefined();
  });
});

describe("another attempt", () => {
  const passing = (status: number, body = "", headers: Record<string, string> = {}): boolean =>
    mayPass(upstreamHttpError("local", status, new Headers(headers), body));

  it("is of use where the cause may pass", () => {
    for (const status of [408, 409, 429, 500, 502, 503, 504, 529]) expect(passing(status)).toBe(true);
    for (const status of [400, 401, 402, 403, 404, 413, 422, 501]) expect(passing(status)).toBe(false);
    expect(passing(429, openai("", "insufficient_quota", "insufficient_quota"))).toBe(false);
  });

  it("is left to what the upstream says of it", () => {
    expect(passing(503, "", { "x-should-retry": "false" })).toBe(false);
    expect(passing(400, "", { "x-should-retry": "true" })).toBe(true);
  });
});

describe("an error that nests without end", () => {
  it("is told by its status, and by what its first layers say", () => {
    const inner = `${'{"error":'.repeat(100_000)}1${"}".repeat(100_000)}`;
    expect(upstreamHttpError("local", 503, none, inner)).toMatchObject({ code: "unavailable" });
    const body = `{"error":{"message":"Out of memory","error":${inner}}}`;
    expect(upstreamHttpError("local", 500, none, body).message).toBe("The upstream 'local' failed: Out of memory");
  });
});

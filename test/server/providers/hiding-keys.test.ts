import { afterAll, afterEach, describe, expect, it } from "vitest";
import { connectUpstream } from "../../../server/providers/connect-upstream.ts";
import { type UpstreamKind, upstreamKinds } from "../../../server/providers/upstream-settings.ts";
import { failureOf } from "../../cases/failure-of.ts";
import { callOf, foldOf } from "../../cases/provider.ts";
import { createTestContext, upstreamAt } from "../../cases/provider-context.ts";
import { jsonResponse, type ReplayServer, startReplayServer, streamResponse } from "../../cases/replay-server.ts";

const context = createTestContext();
const servers: ReplayServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));
afterAll(() => context.close());

const secrets = /the-hubs-own|the-callers-own|another-of-the-hubs/;
const asked = upstreamKinds.flatMap((kind) =>
  ["gemini-2.0-flash", "gemini-3-pro"].map((model): [UpstreamKind, string] => [kind, model]),
);

/** A server that says of an error with which key it was asked, in the words of every vendor. */
async function gossip(how: "refusal" | "event", before = ""): Promise<ReplayServer> {
  const server = await startReplayServer(({ headers }) => {
    const key = headers["x-goog-api-key"] ?? headers.authorization?.replace("Bearer ", "");
    const error = { code: 500, message: `${before}Who is ${key}?`, status: "INTERNAL" };
    if (how === "refusal") return { response: jsonResponse(500, { error }) };
    const records = [
      { ...created, event_type: "interaction.created" },
      { type: "error", event_type: "error", error },
    ];
    return { response: streamResponse(records.map((record) => `data: ${JSON.stringify(record)}\n\n`).join("")) };
  });
  servers.push(server);
  return server;
}

const created = { type: "response.created", response: { id: "r" }, interaction: { id: "v1_a", status: "in_progress" } };

describe.each(asked)("an upstream of the kind %s, asked for %s", (kind, model) => {
  it.each(["refusal", "event"] as const)("repeats no key that it was sent, told in a %s", async (how) => {
    const server = await gossip(how);
    for (const caller_key of [undefined, "the-callers-own"]) {
      if (caller_key !== undefined && kind !== "gemini") continue;
      const settings = { key: "the-hubs-own-key", caller_key: caller_key !== undefined };
      const { provider } = await connectUpstream(upstreamAt(kind, server.url, settings), context);
      const call = callOf(model, "Hi");
      const { error } = await failureOf(provider, caller_key === undefined ? call : { ...call, caller_key });
      expect(error.message).toContain("Who is [hidden]?");
      expect(`${error.stack} ${error.cause}`).not.toMatch(secrets);
    }
  });

  it("repeats none of which only the beginning is left in a long sentence", async () => {
    const server = await gossip("event", "x".repeat(280));
    const settings = { key: "the-hubs-own-key-is-a-long-one" };
    const { provider } = await connectUpstream(upstreamAt(kind, server.url, settings), context);
    const { error } = await failureOf(provider, callOf(model, "Hi"));
    expect(error.message).toMatch(/xxx.*\[hidden\]…$/);
    expect(`${error.message} ${error.stack} ${error.cause}`).not.toMatch(secrets);
  });

  it("repeats none to the operator either, when it is asked again", async () => {
    const server = await gossip("event");
    const told: unknown[] = [];
    const settings = { key: "the-hubs-own-key", retries: 1 };
    const { provider } = await connectUpstream(upstreamAt(kind, server.url, settings), {
      ...context,
      sleep: (milliseconds, signal) => context.sleep(Math.min(milliseconds, 5_000) / 100, signal),
      warn: (_message, details) => told.push("err" in details ? details.err : undefined),
    });
    await failureOf(provider, callOf(model, "Hi"));
    expect(told).toHaveLength(1);
    expect(`${told[0]} ${(told[0] as Error).stack} ${(told[0] as Error).cause}`).not.toMatch(secrets);
  });
});

it("a key in a header of its own is not repeated either, nor one in the end of an answer", async () => {
  const server = await startReplayServer(({ headers }) => {
    const error = { code: "safety", message: `Blocked for ${headers["x-api-key"]}.` };
    const records = [created, { error }].map((record, index) => ({
      ...record,
      event_type: index === 0 ? "interaction.created" : "error",
    }));
    return { response: streamResponse(records.map((record) => `data: ${JSON.stringify(record)}\n\n`).join("")) };
  });
  servers.push(server);
  const settings = upstreamAt("gemini", server.url, { headers: { "X-Api-Key": "another-of-the-hubs" } });
  const { provider } = await connectUpstream(settings, context);
  const events = await Array.fromAsync(provider.run(callOf("gemini-3-pro", "Hi"), new AbortController().signal));
  expect(foldOf(events)).toMatchObject({
    status: "failed",
    errors: [{ code: "safety", message: "Blocked for [hidden]." }],
  });
});

it("what the model says is told as it is, whatever it holds, and a provider that is left lets go", async () => {
  const server = await startReplayServer(() => {
    const chunk = { choices: [{ index: 0, delta: { content: "the-hubs-own-key" } }] };
    return { response: streamResponse(`data: ${JSON.stringify(chunk)}\n\n`), hang: "at the end" };
  });
  servers.push(server);
  const settings = upstreamAt("openai-chat", server.url, { key: "the-hubs-own-key" });
  const { provider } = await connectUpstream(settings, context);
  for await (const event of provider.run(callOf("m", "Hi"), new AbortController().signal))
    if (event.type === "step.delta") {
      expect(event.delta).toEqual({ type: "text", text: "the-hubs-own-key" });
      break;
    }
  await server.requests[0]?.closed;
  expect(server.requests[0]?.leftByClient()).toBe(true);
});

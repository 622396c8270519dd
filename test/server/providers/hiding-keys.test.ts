import { afterAll, afterEach, expect, it } from "vitest";
import { connectUpstream } from "../../../server/providers/connect-upstream.ts";
import { upstreamKinds } from "../../../server/providers/upstream-settings.ts";
import { failureOf } from "../../cases/failure-of.ts";
import { callOf } from "../../cases/provider.ts";
import { createTestContext, upstreamAt } from "../../cases/provider-context.ts";
import { jsonResponse, type ReplayServer, startReplayServer } from "../../cases/replay-server.ts";

const context = createTestContext();
const servers: ReplayServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));
afterAll(() => context.close());

it.each(upstreamKinds.flatMap((kind) => ["gemini-2.0-flash", "gemini-3-pro"].map((model) => [kind, model] as const)))(
  "no refusal of an upstream of the kind %s repeats the key that it was sent, asked for %s",
  async (kind, model) => {
    const server = await startReplayServer(({ headers }) => {
      const key = headers["x-goog-api-key"] ?? headers.authorization?.replace("Bearer ", "");
      return { response: jsonResponse(500, { error: { code: 500, message: `Who is ${key}?`, status: "INTERNAL" } }) };
    });
    servers.push(server);
    for (const caller_key of [undefined, "the-callers-own"]) {
      if (caller_key !== undefined && kind !== "gemini") continue;
      const settings = { key: "the-hubs-own-key", caller_key: caller_key !== undefined };
      const { provider } = await connectUpstream(upstreamAt(kind, server.url, settings), context);
      const call = callOf(model, "Hi");
      const { error } = await failureOf(provider, caller_key === undefined ? call : { ...call, caller_key });
      expect(error.message).toContain("Who is [hidden]?");
      expect(`${error.stack} ${error.cause}`).not.toMatch(/the-hubs-own-key|the-callers-own/);
    }
  },
);

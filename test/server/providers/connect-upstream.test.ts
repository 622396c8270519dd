import { afterAll, afterEach, describe, expect, it } from "vitest";
import { connectUpstream } from "../../../server/providers/connect-upstream.ts";
import type { UpstreamSettings } from "../../../server/providers/upstream-settings.ts";
import { createTestContext, upstreamAt } from "../../cases/provider-context.ts";
import { jsonResponse, type ReplayServer, startReplayServer } from "../../cases/replay-server.ts";

const context = createTestContext();
const servers: ReplayServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));
afterAll(() => context.close());

const listed = {
  models: [{ name: "models/nano-banana-pro", supportedGenerationMethods: ["generateContent"] }],
};

async function gemini(settings: Partial<UpstreamSettings> = {}) {
  const server = await startReplayServer([{ response: jsonResponse(200, listed) }]);
  servers.push(server);
  const at = upstreamAt("gemini", server.url, { key: "k", ...settings });
  return { upstream: await connectUpstream(at, context), requests: server.requests };
}

describe("the bare names for which Gemini answers", () => {
  it("are those of Google's kind, without asking, and those that Google lists", async () => {
    const { upstream, requests } = await gemini();
    expect(await upstream.answersFor("gemini-4-flash", "model")).toBe(true);
    expect(await upstream.answersFor("deep-research-preview-04-2026", "agent")).toBe(true);
    expect(requests).toHaveLength(0);
    expect(await upstream.answersFor("nano-banana-pro", "model")).toBe(true);
    expect(await upstream.answersFor("llama3.2", "model")).toBe(false);
    expect(requests).toHaveLength(1);
  });

  it("are those that the configuration names and no others, of whatever kind", async () => {
    const { upstream, requests } = await gemini({ models: ["gemini-2.5-flash", "tuned-for-us"] });
    expect(await upstream.answersFor("gemini-2.5-flash", "model")).toBe(true);
    expect(await upstream.answersFor("tuned-for-us", "model")).toBe(true);
    expect(await upstream.answersFor("gemini-3-pro", "model")).toBe(false);
    expect(requests).toHaveLength(0);
  });
});

import { afterAll, afterEach } from "vitest";
import type { ProviderEvent } from "../../schema/core/event.ts";
import type { ModelCall, Provider } from "../../schema/provider.ts";
import { createOpenaiChatProvider } from "../../server/providers/openai-chat/provider.ts";
import type { UpstreamSettings } from "../../server/providers/upstream-settings.ts";
import { createTestContext, upstreamAt } from "./provider-context.ts";
import { type ReplayServer, startReplayServer, streamResponse } from "./replay-server.ts";

/** Connects providers to scripted servers, which end with their test, and to other addresses. Once in a test file. */
export function chatUpstreams() {
  const context = createTestContext();
  const servers: ReplayServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));
  afterAll(() => context.close());

  const connect = (url: string, settings: Partial<UpstreamSettings> = {}): Provider =>
    createOpenaiChatProvider(upstreamAt("openai-chat", `${url}/v1`, settings), context);

  async function serve(
    replies: Parameters<typeof startReplayServer>[0],
    settings: Partial<UpstreamSettings> = {},
  ): Promise<{ provider: Provider; server: ReplayServer }> {
    const server = await startReplayServer(replies);
    servers.push(server);
    return { server, provider: connect(server.url, settings) };
  }
  return { connect, serve };
}

/** A response that streams payloads, as objects or as they are. */
export function chatStream(...payloads: (object | string)[]): string {
  const texts = payloads.map((each) => (typeof each === "string" ? each : JSON.stringify(each)));
  return streamResponse(texts.map((text) => `data: ${text}\n\n`).join(""));
}

/** What a provider said until it ended or broke off, and why it broke off. */
export async function saidBy(
  provider: Provider,
  call: ModelCall,
  signal: AbortSignal = new AbortController().signal,
): Promise<{ events: ProviderEvent[]; failure: unknown }> {
  const events: ProviderEvent[] = [];
  try {
    for await (const event of provider.run(call, signal)) events.push(event);
    return { events, failure: undefined };
  } catch (failure) {
    return { events, failure };
  }
}

/** The text that events tell. */
export function textIn(events: readonly ProviderEvent[]): string {
  return events
    .map((event) => (event.type === "step.delta" && event.delta.type === "text" ? event.delta.text : ""))
    .join("");
}

import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import type { Provider } from "../../schema/provider.ts";
import { createGenerateContentRunner } from "../../server/providers/generate-content/runner.ts";
import type { ProviderContext } from "../../server/providers/provider-context.ts";
import type { UpstreamSettings } from "../../server/providers/upstream-settings.ts";
import { type ReplayServer, startReplayServer } from "./replay-server.ts";

/** The body of a composed answer, by the name of its file in `test/fixtures/generate-content`. */
export function composedAnswer(name: string): string {
  return readFileSync(new URL(`../fixtures/generate-content/${name}.stream.txt`, import.meta.url), "utf8");
}

/** The records of an answer, as they are in its stream. */
export function recordsOf(body: string): string[] {
  return body.split(/\r?\n\r?\n/).flatMap((record) => (record.startsWith("data:") ? [record.slice(5).trim()] : []));
}

/** A provider that is nothing but the runner, named `gemini`, for a server at `url`. */
export function generateContentProvider(
  url: string,
  settings: Partial<UpstreamSettings> = {},
  context: Partial<ProviderContext> = {},
): Provider {
  const runner = createGenerateContentRunner(
    {
      name: "gemini",
      kind: "gemini",
      base_url: url,
      key: "the-hubs-key",
      headers: {},
      connect_timeout: 1_000,
      first_event_timeout: 10_000,
      idle_timeout: 10_000,
      retries: 0,
      models: [],
      inline_media: false,
      caller_key: false,
      ...settings,
    },
    {
      fetch: globalThis.fetch,
      fetchMedia: () => Promise.reject(new Error("no media are fetched here")),
      sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
      now: Date.now,
      random: () => 0.5,
      warn: () => {},
      ...context,
    },
  );
  return {
    name: "gemini",
    models: async () => [{ id: "gemini-3.8-flash", kind: "model", provider: "gemini" }],
    ...runner,
  };
}

/** A server that answers in turn, until the test is finished, and the provider that asks it. */
export async function startGenerateContent(
  replies: Parameters<typeof startReplayServer>[0],
  settings: Partial<UpstreamSettings> = {},
  context: Partial<ProviderContext> = {},
): Promise<{ server: ReplayServer; provider: Provider }> {
  const server = await startReplayServer(replies);
  onTestFinished(() => server.close());
  return { server, provider: generateContentProvider(server.url, settings, context) };
}

import { setTimeout as wait } from "node:timers/promises";
import type { Provider } from "../../../../schema/provider.ts";
import { createUpstreamFetch } from "../../../../server/outbound/upstream-fetch.ts";
import { createOpenaiResponsesProvider } from "../../../../server/providers/openai-responses/provider.ts";
import type { ProviderContext } from "../../../../server/providers/provider-context.ts";
import type { UpstreamSettings } from "../../../../server/providers/upstream-settings.ts";

const outbound = createUpstreamFetch({ connectTimeout: 2_000 });

/** A provider for a server that speaks as OpenAI does, with short timeouts. */
export function connect(
  url: string,
  settings: Partial<UpstreamSettings> = {},
  context: Partial<ProviderContext> = {},
): Provider {
  return createOpenaiResponsesProvider(
    {
      name: "vendor",
      kind: "openai-responses",
      base_url: `${url}/v1`,
      key: "test-key",
      headers: {},
      connect_timeout: 2_000,
      first_event_timeout: 5_000,
      idle_timeout: 5_000,
      retries: 0,
      models: ["m"],
      inline_media: false,
      caller_key: false,
      ...settings,
    },
    {
      fetch: outbound.fetch,
      fetchMedia: () => Promise.reject(new Error("nothing is fetched here")),
      sleep: (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
      now: () => performance.now(),
      random: () => 0.5,
      warn: () => {},
      ...context,
    },
  );
}

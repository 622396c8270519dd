import { setTimeout as sleep } from "node:timers/promises";
import { HubError } from "../../schema/core/error.ts";
import { createUpstreamFetch } from "../../server/outbound/upstream-fetch.ts";
import type { ProviderContext } from "../../server/providers/provider-context.ts";
import type { UpstreamKind, UpstreamSettings } from "../../server/providers/upstream-settings.ts";

/** What a provider gets, with real connections and a real clock; media are what `media` holds. Ends with `close`. */
export function createTestContext(
  media: Readonly<Record<string, { data: string; mime_type?: string }>> = {},
): ProviderContext & { warnings: string[]; close(): Promise<void> } {
  const { fetch, close } = createUpstreamFetch({ connectTimeout: 2_000 });
  const warnings: string[] = [];
  return {
    fetch,
    close,
    warnings,
    async fetchMedia(uri) {
      const found = media[uri];
      if (found === undefined) throw new HubError("invalid_request", `Nothing is at '${uri}'.`);
      return found;
    },
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
    now: Date.now,
    random: () => 0.5,
    warn: (message) => warnings.push(message),
  };
}

/** Settings of an upstream at an address, without retries and with the patience of a test. */
export function upstreamAt(
  kind: UpstreamKind,
  base_url: string,
  settings: Partial<UpstreamSettings> = {},
): UpstreamSettings {
  return {
    name: "local",
    kind,
    base_url,
    headers: {},
    connect_timeout: 2_000,
    first_event_timeout: 5_000,
    idle_timeout: 5_000,
    retries: 0,
    models: [],
    inline_media: false,
    caller_key: false,
    ...settings,
  };
}

import type { UpstreamSettings } from "../upstream-settings.ts";

/** An upstream that nobody has configured, and a line for people on what and where it is. The line holds no key. */
export type DiscoveredUpstream = { settings: UpstreamSettings; found: string };

/** What is said of a discovered upstream beyond this: the same as of a configured one that says nothing else. */
export function discoveredSettings(
  settings: Pick<UpstreamSettings, "name" | "kind"> & Partial<UpstreamSettings>,
): UpstreamSettings {
  return {
    headers: {},
    connect_timeout: 5_000,
    first_event_timeout: 120_000,
    idle_timeout: 120_000,
    retries: 2,
    models: [],
    inline_media: false,
    caller_key: false,
    ...settings,
  };
}

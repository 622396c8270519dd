import type { UpstreamEntry } from "./upstream-entry.ts";

/** What and where a configured upstream is, and whose key it gets: everything but the key. */
export function upstreamLine(upstream: UpstreamEntry): string {
  const { kind, base_url: url, models } = upstream;
  const where = url === undefined ? kind : `${kind} at ${url}`;
  const count = models.length === 0 ? [] : [models.length === 1 ? "1 model" : `${models.length} models`];
  return [where, ...count, ...keySource(upstream)].join(", ");
}

function keySource({ key, key_env: variable, key_file: file, caller_key }: UpstreamEntry): string[] {
  const own = key === undefined ? [] : [`key from ${variable ?? file ?? "the settings"}`];
  return caller_key ? ["the caller's key", ...own] : own;
}

import { boundedText } from "../bounded-text.ts";
import type { UpstreamFetch } from "../provider-context.ts";

/** The list of models of a large server is far smaller. */
const largest = 2 ** 20;

/** What an unknown server answers: JSON, and how it calls itself. */
export type JsonAnswer = { json: unknown; server: string };

/**
 * Asks an unknown server for JSON, in time and with nothing that it should not see; `undefined` when there is none, for
 * whatever reason. A redirect is not followed: it could lead off this machine.
 */
export async function readJson(fetch: UpstreamFetch, url: string, timeout: number): Promise<JsonAnswer | undefined> {
  try {
    const response = await fetch(url, {
      headers: { accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(timeout),
    });
    const text = await boundedText(response, largest);
    if (response.status !== 200 || text === undefined) return undefined;
    return { json: JSON.parse(text), server: response.headers.get("server") ?? "" };
  } catch {
    // Nobody is there, or somebody who speaks otherwise.
    return undefined;
  }
}

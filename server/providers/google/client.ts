import { GoogleGenAI } from "@google/genai";
import { HubError } from "../../../schema/core/error.ts";
import type { ProviderContext, UpstreamFetch } from "../provider-context.ts";
import type { UpstreamSettings } from "../upstream-settings.ts";

/** Where Google itself answers. */
const GOOGLE_BASE_URL = "https://generativelanguage.googleapis.com";

/** All models and agents are listed and served there, also those of which Google has only a preview. */
const API_VERSION = "v1beta";

const KEY_HEADER = "x-goog-api-key";

/** What the client must be told instead of a key, or it looks for one in the environment. */
const NO_KEY = "none";

/**
 * The official client for one upstream and key, if it has one: something between may add it. It takes nothing from the
 * environment: neither a key nor an address nor a version, and no other service than the Gemini API.
 */
export function createGeminiClient(
  settings: UpstreamSettings,
  context: ProviderContext,
  key: string | undefined,
): GoogleGenAI {
  const [, baseUrl = GOOGLE_BASE_URL, apiVersion = API_VERSION] =
    /^(.*?)(?:\/(v\d\w*))?\/*$/.exec(settings.base_url ?? GOOGLE_BASE_URL) ?? [];
  return new GoogleGenAI({
    vertexai: false,
    apiKey: key ?? NO_KEY,
    httpOptions: {
      baseUrl,
      apiVersion,
      headers: { ...settings.headers },
      fetch: sending(settings.name, context.fetch),
    },
  });
}

/** How every request is made: who calls has its own way of asking again. */
export function requestOptions(signal: AbortSignal): { signal: AbortSignal; retries: { strategy: "none" } } {
  return { signal, retries: { strategy: "none" } };
}

/** The client takes whatever answers a request for a stream as one, so it must be one. */
function sending(upstream: string, fetch: UpstreamFetch): UpstreamFetch {
  return async (input, init) => {
    const response = await fetch(input, withoutNoKey(input, init));
    const isWanted = input instanceof Request && input.headers.get("accept") === "text/event-stream";
    const type = response.headers.get("content-type") ?? "";
    if (!isWanted || !response.ok || type.startsWith("text/event-stream")) return response;
    await response.body?.cancel();
    throw new HubError("upstream_error", `The upstream '${upstream}' answered a request for a stream with '${type}'.`);
  };
}

function withoutNoKey(input: Parameters<UpstreamFetch>[0], init: RequestInit | undefined): RequestInit | undefined {
  const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
  if (headers.get(KEY_HEADER) !== NO_KEY) return init;
  headers.delete(KEY_HEADER);
  return { ...init, headers };
}

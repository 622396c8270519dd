import type { GenerateContentParameters } from "@google/genai";
import { HubError } from "../../../schema/core/error.ts";
import { readEventStream, type ServerEvent } from "../../read-event-stream.ts";
import { createGeminiClient } from "../google/client.ts";
import type { ProviderContext, UpstreamFetch } from "../provider-context.ts";
import { upstreamHttpError } from "../upstream-error.ts";
import type { UpstreamSettings } from "../upstream-settings.ts";
import type { WireRequest } from "./wire.ts";

const KEY_HEADER = "x-goog-api-key";

/** The client is made for all callers, and would look for a key in the environment if it were told none. */
const NO_KEY = "none";

/** One request: what is asked, in whose name, until when. `continuationToken` asks on after an answer that stopped for it. */
export type Asked = { request: WireRequest; key: string | undefined; continuationToken?: string; signal: AbortSignal };

/** Asks `streamGenerateContent`; gives the records of the answer that arrive together. Throws a `HubError` or what fetch throws. */
export type AskGemini = (asked: Asked) => AsyncIterable<ServerEvent[]>;

/**
 * Google's own client makes the request: address, version, headers, key, the place of each member in the body. Its `fetch`
 * is ours, and the answer is read here from what that brought: the client's reader makes a `Response` of every record,
 * drops what it does not know, and lets go of an answer that is given up without closing its connection.
 */
export function createAskGemini(settings: UpstreamSettings, context: ProviderContext): AskGemini {
  const client = createGeminiClient(settings, context, NO_KEY);

  return async function* ask({ request, key, continuationToken, signal }) {
    let answer: Response | undefined;
    const send: UpstreamFetch = async (url, init) => {
      answer = await context.fetch(url, withKey(init, key));
      if (answer.ok) return answer;
      throw upstreamHttpError(settings.name, answer.status, answer.headers, await answer.text(), {
        callerKey: settings.caller_key,
      });
    };
    const config = {
      ...request.config,
      ...(continuationToken === undefined ? {} : { continuationToken }),
      // What the client would do by itself would be done behind the reader's back.
      automaticContinuation: false,
      automaticFunctionCalling: { disable: true },
      abortSignal: signal,
      httpOptions: { fetch: send },
    };
    // The client names the values of enumerations in enums of its own; they are the same strings.
    await client.models.generateContentStream({ ...request, config } as GenerateContentParameters);
    const body = answer?.body ?? undefined;
    if (body === undefined)
      throw new HubError("upstream_error", `The upstream '${settings.name}' answered nothing at all.`);
    yield* readEventStream(body);
  };
}

function withKey(init: RequestInit | undefined, key: string | undefined): RequestInit {
  const headers = new Headers(init?.headers);
  if (headers.get(KEY_HEADER) !== NO_KEY) return { ...init, headers };
  if (key === undefined) headers.delete(KEY_HEADER);
  else headers.set(KEY_HEADER, key);
  return { ...init, headers };
}

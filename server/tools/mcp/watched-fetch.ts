import { setImmediate as nextTurn } from "node:timers/promises";
import type { FetchLike } from "@modelcontextprotocol/sdk/shared/transport.js";
import { isJsonObject } from "../../../schema/core/json.ts";
import { ServerTrouble } from "./server-trouble.ts";

/** The id that links a request of the protocol with its answer. */
export type RequestId = string | number;

export type WatchOptions = {
  fetch: FetchLike;
  /** Bytes that the answer to a request of a method may have. */
  limit: (method: string) => number;
  /** Milliseconds that a farewell (the word that a call is cancelled, the end of the session) may take. */
  farewell: number;
  /** Told when nothing more comes in answer to a request, whether it was answered or not. */
  ended: (id: RequestId, cause?: ServerTrouble) => void;
};

/** Answers to what a server asks that may be on their way: one that asks more than that gets no answer. */
const MOST_ANSWERS = 8;

const askedTooMuch = new ServerTrouble("upstream_error", "asks more than it can be answered");

/** What a request says of itself in its body. */
type Message = { id?: RequestId; method: string; cancels?: RequestId };

/**
 * The `fetch` that the official transport is given. It sees to what the transport leaves open: an answer has a limit, the end
 * of its stream is noticed, the connection of a cancelled call is closed, and a farewell is not cut off by the end of the
 * session. A server that asks the hub again and again (whether it is still there) cannot make it open ever more connections.
 * The stream on which a server may speak unasked is not opened: the hub has no use for what is said there.
 */
export function watchFetch({ fetch, limit, farewell, ended }: WatchOptions): FetchLike {
  const running = new Map<RequestId, AbortController>();
  let answers = 0;

  async function send(url: string | URL, init: RequestInit, message: Message & { id: RequestId }): Promise<Response> {
    const { id, method } = message;
    const controller = new AbortController();
    running.set(id, controller);
    const signals = [controller.signal, init.signal].filter((signal) => signal !== undefined && signal !== null);
    try {
      const response = await fetch(url, { ...init, signal: AbortSignal.any(signals) });
      return bounded(response, limit(method), (cause) => {
        running.delete(id);
        ended(id, cause);
      });
    } catch (error) {
      running.delete(id);
      throw error;
    }
  }

  /** What the server asked is answered; nothing comes back. */
  async function answer(url: string | URL, init: RequestInit): Promise<Response> {
    if (answers === MOST_ANSWERS) throw askedTooMuch;
    answers += 1;
    try {
      return await fetch(url, init);
    } finally {
      answers -= 1;
    }
  }

  return async (url, init = {}) => {
    if (init.method === "DELETE") return fetch(url, { ...init, signal: AbortSignal.timeout(farewell) });
    if (init.method === "GET") {
      const resumes = new Headers(init.headers).has("last-event-id");
      return resumes
        ? bounded(await fetch(url, init), limit("tools/call"), () => {})
        : new Response(null, { status: 405 });
    }
    const message = messageIn(init.body);
    if (message?.cancels !== undefined) {
      running.get(message.cancels)?.abort();
      return fetch(url, { ...init, signal: AbortSignal.timeout(farewell) });
    }
    if (message === undefined) return answer(url, init);
    if (message.id === undefined) return fetch(url, init);
    return send(url, init, { ...message, id: message.id });
  };
}

function messageIn(body: RequestInit["body"]): Message | undefined {
  if (typeof body !== "string") return undefined;
  const message: unknown = JSON.parse(body);
  if (!isJsonObject(message) || typeof message.method !== "string") return undefined;
  const { id, method, params } = message;
  const read: Message = { method };
  if (isId(id)) read.id = id;
  if (method === "notifications/cancelled" && isJsonObject(params) && isId(params.requestId))
    read.cancels = params.requestId;
  return read;
}

function isId(value: unknown): value is RequestId {
  return typeof value === "string" || typeof value === "number";
}

/** A response whose body breaks off when it is longer than the limit. */
function bounded(response: Response, limit: number, ended: (cause?: ServerTrouble) => void): Response {
  if (response.body === null) {
    ended();
    return response;
  }
  const reader = response.body.getReader();
  let bytes = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const read = await reader.read().catch((error) => {
        ended();
        throw error;
      });
      if (read.done) {
        // Only then the connection is free: what is asked at once would open another one.
        await nextTurn();
        ended();
        controller.close();
        return;
      }
      bytes += read.value.byteLength;
      if (bytes <= limit) return controller.enqueue(read.value);
      const cause = new ServerTrouble("upstream_error", `gave an answer that is longer than ${limit} bytes`);
      ended(cause);
      controller.error(cause);
      await reader.cancel();
    },
    cancel(reason) {
      ended();
      return reader.cancel(reason);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
}

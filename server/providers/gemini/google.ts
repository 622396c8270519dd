import type { GoogleGenAI, Interactions } from "@google/genai";
import { isJsonObject, type JsonObject } from "../../../schema/core/json.ts";
import { requestOptions } from "../google/client.ts";
import { upstreamHttpError } from "../upstream-error.ts";
import { refusedBy } from "./refused.ts";
import type { WireEvent, WireInteraction } from "./wire.ts";

/** What may be asked of Google about interactions. All of it throws `HubError`s, and stops when its signal aborts. */
export type Google = {
  create(body: JsonObject, signal: AbortSignal): AsyncIterable<WireEvent>;
  /** The events of an interaction, from its first or after the last that was seen. */
  follow(id: string, from: { last_event_id?: string }, signal: AbortSignal): AsyncIterable<WireEvent>;
  read(id: string, signal: AbortSignal): Promise<WireInteraction>;
  cancel(id: string, signal: AbortSignal): Promise<void>;
};

type CreateBody = Interactions.InteractionCreateParams.CreateModelInteractionParamsStreaming;
type Opened = AsyncIterable<unknown>;

/**
 * Google's official client as it is used here: it makes the requests, reads the streams, and goes on by itself where Google
 * stops at its limit for one request. It checks nothing, so members that it does not know pass in both directions.
 */
export function askGoogle(client: GoogleGenAI, upstream: string, options: { callerKey: boolean }): Google {
  const { interactions } = client;

  async function* events(open: () => Promise<Opened>): AsyncGenerator<WireEvent, void, void> {
    try {
      for await (const event of await open()) {
        if (!isJsonObject(event)) throw unreadable(event);
        yield event;
      }
    } catch (error) {
      throw refusedBy(error, upstream, options);
    }
  }

  async function once<T>(asked: () => Promise<T>): Promise<T> {
    try {
      return await asked();
    } catch (error) {
      throw refusedBy(error, upstream, options);
    }
  }

  /** Google has been seen to write an error into a stream that is none of its events. */
  function unreadable(event: unknown): Error {
    return upstreamHttpError(upstream, 200, new Headers(), typeof event === "string" ? event : JSON.stringify(event));
  }

  return {
    create: (body, signal) => events(() => interactions.create(body as unknown as CreateBody, requestOptions(signal))),
    follow: (id, from, signal) => events(() => interactions.get(id, { ...from, stream: true }, requestOptions(signal))),
    read: (id, signal) =>
      once(async () => (await interactions.get(id, {}, requestOptions(signal))) as unknown as WireInteraction),
    cancel: (id, signal) =>
      once(async () => {
        await interactions.cancel(id, {}, requestOptions(signal));
      }),
  };
}

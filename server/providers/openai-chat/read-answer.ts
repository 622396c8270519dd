import { Buffer } from "node:buffer";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import { readEventStream, type ServerEvent } from "../../read-event-stream.ts";
import { comeFree } from "../openai/come-free.ts";
import { wholeText } from "../openai/whole-text.ts";
import type { ProviderContext } from "../provider-context.ts";
import { upstreamHttpError } from "../upstream-error.ts";
import type { ChatTranslator } from "./response.ts";
import { parseChunk } from "./wire.ts";

export type ReadOptions = {
  /** Name of the upstream. */
  upstream: string;
  context: Pick<ProviderContext, "sleep">;
};

/**
 * The events of an answer, all at once that one piece of it holds. It need not be a stream: some servers answer at once
 * whatever they are asked. Throws where it breaks off, after everything that could be read of it.
 */
export async function* readAnswer(
  response: Response,
  translator: ChatTranslator,
  { upstream, context }: ReadOptions,
): AsyncGenerator<ProviderEvent[], void, void> {
  const records = recordsOf(response, upstream);
  let isAnswered = false;
  try {
    while (!translator.isDone) {
      const next = await records.next();
      if (next.done === true) break;
      for (const record of next.value) take(record, translator, upstream);
      if (translator.isDone) break;
      const events = translator.drain();
      // Pieces that hold no event are signs of life, but only after the first one.
      if (events.length === 0 && !isAnswered) continue;
      isAnswered = true;
      yield events;
    }
    translator.end();
    if (translator.isDone) await comeFree(records, context);
  } catch (error) {
    translator.cut();
    const rest = translator.drain();
    if (rest.length > 0) yield rest;
    throw error;
  } finally {
    // Not awaited: it would wait for whoever waits for the next record.
    records.return().catch(() => {});
  }
  yield translator.drain();
}

function take({ event, data }: ServerEvent, translator: ChatTranslator, upstream: string): void {
  if (translator.isDone) return;
  if (data.startsWith("[DONE]")) translator.done();
  else if (event === "error") throw upstreamHttpError(upstream, 200, new Headers(), data);
  else translator.take(parseChunk(data, upstream));
}

function recordsOf(response: Response, upstream: string): AsyncGenerator<ServerEvent[], void, void> {
  const type = response.headers.get("content-type");
  if (response.body !== null && (type === null || type.includes("event-stream"))) return readEventStream(response.body);
  return wholeAnswer(response, upstream);
}

/** A whole completion in place of a stream; some servers call their streams JSON too. */
async function* wholeAnswer(response: Response, upstream: string): AsyncGenerator<ServerEvent[], void, void> {
  const text = await wholeText(response, upstream);
  if (/^\s*[{[]/.test(text)) yield [{ data: text }, { data: "[DONE]" }];
  else yield* readEventStream(pieces(Buffer.from(text)));
}

async function* pieces(...all: Uint8Array[]): AsyncGenerator<Uint8Array, void, void> {
  yield* all;
}

import { Buffer } from "node:buffer";
import type { Degradation } from "../../../schema/core/degradation.ts";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import { readEventStream, type ServerEvent } from "../../read-event-stream.ts";
import type { OpenaiClient } from "../openai/client.ts";
import { comeFree } from "../openai/come-free.ts";
import { wholeText } from "../openai/whole-text.ts";
import type { ProviderContext } from "../provider-context.ts";
import { concede, isOfModel, type Omission, omissionFor } from "./concession.ts";
import type { ResponseReader } from "./response.ts";
import { parseAnswer, type RequestBody } from "./wire.ts";

/** One attempt to get an answer. */
export type Attempt = {
  client: OpenaiClient;
  body: RequestBody;
  /** What the model is known not to take. */
  omitted: readonly Omission[];
  /** Told what the model turned out not to take, once it has answered without it. */
  learn(omitted: readonly Omission[]): void;
  reader: ResponseReader;
  /** Name of the upstream. */
  upstream: string;
  context: Pick<ProviderContext, "sleep">;
  signal: AbortSignal;
};

/**
 * Asks once and gives the answer's events as they come, all of a piece together. Nothing is given before the upstream has
 * begun to answer, so that until then it can be asked again. It need not be a stream: some servers answer at once whatever
 * they are asked, and some call their streams JSON. Throws what the client throws, or a `HubError`.
 */
export async function* answerTo(attempt: Attempt): AsyncGenerator<ProviderEvent[], void, void> {
  const { reader, upstream, context } = attempt;
  const { response, degradations } = await ask(attempt);
  const told: ProviderEvent[] = degradations.length === 0 ? [] : [{ type: "degraded", degradations }];
  const type = response.headers.get("content-type") ?? "text/event-stream";
  if (response.body !== null && type.includes("event-stream")) {
    yield* streamed(readEventStream(response.body), reader, told, context);
  } else {
    const text = await wholeText(response, upstream);
    if (/^\s*\{/.test(text)) yield [...told, ...reader.readWhole(parseAnswer(text, upstream))];
    else yield* streamed(readEventStream(inOnePiece(text)), reader, told, context);
  }
  if (reader.failure !== undefined) throw reader.failure;
}

/** Also where the stream breaks, what could be read of it comes first. */
async function* streamed(
  records: AsyncGenerator<ServerEvent[], void, void>,
  reader: ResponseReader,
  told: ProviderEvent[],
  context: Pick<ProviderContext, "sleep">,
): AsyncGenerator<ProviderEvent[], void, void> {
  let first = told;
  let broken: { error: unknown } | undefined;
  try {
    while (!reader.isOver && reader.failure === undefined) {
      const next = await records.next();
      if (next.done === true) break;
      const events = reader.read(next.value);
      if (reader.isOver) await comeFree(records, context);
      // An empty batch still shows that the upstream is at work.
      if (!reader.hasBegun && events.length === 0) continue;
      yield first.length === 0 ? events : [...first, ...events];
      first = [];
    }
  } catch (error) {
    broken = { error };
  } finally {
    // Not awaited: it would wait for whoever waits for the next record.
    records.return().catch(() => {});
  }
  const rest = reader.readEnd();
  if (rest.length > 0) yield rest;
  if (broken !== undefined) throw broken.error;
}

async function* inOnePiece(text: string): AsyncGenerator<Uint8Array, void, void> {
  yield Buffer.from(text);
}

/** Asks, and asks again without what the upstream refuses and can do without. */
async function ask(attempt: Attempt): Promise<{ response: Response; degradations: Degradation[] }> {
  const { client, learn, signal } = attempt;
  const degradations: Degradation[] = [];
  const omitted = [...attempt.omitted];
  let { body } = attempt;
  const omit = (omission: Omission): void => {
    const concession = concede(body, omission);
    body = concession.body;
    degradations.push(...concession.degradations);
  };
  for (const omission of omitted) omit(omission);
  for (;;) {
    try {
      const response = await client.send("/responses", body, signal);
      if (omitted.length > attempt.omitted.length) learn(omitted);
      return { response, degradations };
    } catch (error) {
      const omission = omissionFor(body, error);
      if (omission === undefined) throw error;
      omit(omission);
      if (isOfModel(omission)) omitted.push(omission);
    }
  }
}

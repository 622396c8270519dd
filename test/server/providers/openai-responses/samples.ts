import { readFileSync } from "node:fs";
import type { HubError } from "../../../../schema/core/error.ts";
import type { ProviderEvent } from "../../../../schema/core/event.ts";
import type { Interaction } from "../../../../schema/core/interaction.ts";
import { ResponseReader } from "../../../../server/providers/openai-responses/response.ts";
import { foldOf } from "../../../cases/provider.ts";
import { streamResponse } from "../../../cases/replay-server.ts";
import { answerEvents, type ComposedEvent, type ComposedItem, streamOf } from "../../../cases/responses-events.ts";

type ReadOptions = { limit?: number; tellsThoughts?: boolean; upstream?: string };

/** What a reader makes of an answer. */
export type Read = { events: ProviderEvent[]; folded: Interaction; failure: HubError | undefined };

export function newReader(options: ReadOptions = {}): ResponseReader {
  const names = { fromWire: (name: string): string => name };
  return new ResponseReader({ upstream: "vendor", names, tellsThoughts: true, ...options });
}

export function read(events: readonly ComposedEvent[], options?: ReadOptions): Read {
  return readRecords(
    events.map((event) => JSON.stringify(event)),
    options,
  );
}

export function readRecords(records: readonly string[], options?: ReadOptions): Read {
  const reader = newReader(options);
  const events = [...records.flatMap((data) => reader.read([{ data }])), ...reader.readEnd()];
  return { events, folded: foldOf(events), failure: reader.failure };
}

/** A recorded reply, head and body. */
export function recordedReply(name: string): Buffer {
  return readFileSync(new URL(`../../../fixtures/openai-responses/${name}.response.txt`, import.meta.url));
}

/** The payloads of a recorded stream, or the body of a recorded answer. */
export function recordedPayloads(name: string): string[] {
  const text = recordedReply(name).toString("utf8");
  const body = text.slice(text.indexOf("\r\n\r\n") + 4);
  return body.startsWith("{") ? [body] : [...body.matchAll(/^data: (.*)$/gm)].map(([, data = ""]) => data);
}

export function message(text: string, more: object = {}): ComposedItem {
  return {
    type: "message",
    id: "msg_1",
    status: "completed",
    role: "assistant",
    content: [{ type: "output_text", text, annotations: [], ...more }],
  };
}

export const reasoning: ComposedItem = {
  type: "reasoning",
  id: "rs_1",
  encrypted_content: "gAAAA-whole",
  summary: [
    { type: "summary_text", text: "**First**\n\nThe user wants the weather." },
    { type: "summary_text", text: "**Then**\n\nI should look it up." },
  ],
};

export function callOfWeather(number: number, city: string): ComposedItem {
  return {
    type: "function_call",
    id: `fc_${number}`,
    call_id: `call_${number}`,
    name: "get_weather",
    arguments: JSON.stringify({ city }),
    status: "completed",
  };
}

/** A reply with a whole answer of these items. */
export function replyOf(...output: ComposedItem[]): string {
  return streamResponse(streamOf(answerEvents({ output })));
}

import { readFileSync } from "node:fs";
import type { HubError } from "../../schema/core/error.ts";
import type { ProviderEvent } from "../../schema/core/event.ts";
import type { Interaction } from "../../schema/core/interaction.ts";
import type { JsonObject } from "../../schema/core/json.ts";
import { FunctionNames } from "../../server/providers/openai/function-names.ts";
import { ChatTranslator, type TranslatorOptions } from "../../server/providers/openai-chat/response.ts";
import { foldOf } from "./provider.ts";

/** A raw HTTP reply of llama.cpp's, as recorded. */
export function recordedReply(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/openai-compatible/${name}.response.txt`, import.meta.url));
}

/** The payloads of a recorded stream, or the one of a recorded completion. */
export function recordedChunks(name: string): JsonObject[] {
  const text = recordedReply(name).toString("utf8");
  const body = text.slice(text.indexOf("\r\n\r\n") + 4);
  const payloads = body.startsWith("{") ? [body] : [...body.matchAll(/^data: (\{.*)$/gm)].map(([, data = ""]) => data);
  return payloads.map((payload) => JSON.parse(payload));
}

/** A chunk with a delta. */
export function chunk(delta: object, more: object = {}): JsonObject {
  const choice = { index: 0, delta, finish_reason: null, ...more };
  return JSON.parse(JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", choices: [choice] }));
}

/** A whole completion, as servers give it that do not stream. */
export function completion(message: object, finish_reason: string | null = null): JsonObject {
  const choices = [{ index: 0, message: { role: "assistant", ...message }, finish_reason }];
  return JSON.parse(JSON.stringify({ id: "chatcmpl-1", object: "chat.completion", choices }));
}

/** The chunk that tells why it ends. */
export function ending(finish_reason: string): JsonObject {
  return chunk({}, { finish_reason });
}

/** A chunk with deltas of calls. */
export function calling(...tool_calls: object[]): JsonObject {
  return chunk({ tool_calls });
}

/** What a translator makes of chunks, and what it throws at the end. */
export function translate(
  chunks: readonly JsonObject[],
  options: Partial<TranslatorOptions> = {},
): { events: ProviderEvent[]; folded: Interaction; failure: HubError | undefined } {
  const translator = new ChatTranslator({
    upstream: "local",
    names: new FunctionNames([]),
    taken: new Set(),
    callCount: 0,
    showsThoughts: true,
    ...options,
  });
  let failure: HubError | undefined;
  try {
    for (const each of chunks) translator.take(each);
    translator.end();
  } catch (error) {
    failure = error as HubError;
    translator.cut();
  }
  const events = translator.drain();
  return { events, folded: foldOf(events), failure };
}

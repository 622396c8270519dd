import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { ProviderEvent } from "../../schema/core/event.ts";
import type { JsonObject } from "../../schema/core/json.ts";
import type { Provider } from "../../schema/provider.ts";
import { createGeminiProvider } from "../../server/providers/gemini/provider.ts";
import { AnswerReader } from "../../server/providers/gemini/response.ts";
import type { ProviderContext } from "../../server/providers/provider-context.ts";
import type { UpstreamSettings } from "../../server/providers/upstream-settings.ts";
import { createTestContext, upstreamAt } from "./provider-context.ts";

/** What waits between two attempts and what watches over them waits only for a hundredth of its time. */
const HASTE = 100;

/** A provider of the kind `gemini`, named `google`, for a server at `url`; it waits for less than it would. */
export function connectGemini(
  url: string,
  settings: Partial<UpstreamSettings> = {},
  context: Partial<ProviderContext> = {},
): Provider {
  const upstream = upstreamAt("gemini", url, { name: "google", key: "hub-key", ...settings });
  return createGeminiProvider(upstream, {
    ...createTestContext(),
    sleep: (milliseconds, signal) => sleep(milliseconds / HASTE, undefined, { signal }),
    ...context,
  });
}

/** The events of a recorded stream of Google's, one for each line of its file. */
export function recordedEvents(name: string): JsonObject[] {
  const path = ["gemini", "gemini-steps"]
    .map((folder) => new URL(`../fixtures/${folder}/${name}.chunks.txt`, import.meta.url))
    .find((url) => existsSync(url));
  if (path === undefined) throw new Error(`there is no recording '${name}'`);
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

/** The same events as Google sends them. */
export function streamOf(events: readonly JsonObject[]): string {
  const records = events.map((event) => `event: ${event.event_type}\ndata: ${JSON.stringify(event)}\n\n`);
  return `${records.join("")}event: done\ndata: [DONE]\n\n`;
}

/** What a reader makes of events, with its end. */
export function readAll(events: readonly JsonObject[], reader: AnswerReader = newReader()): ProviderEvent[] {
  return [...events.flatMap((event) => reader.read(event)), ...reader.end()];
}

export function newReader(input: JsonObject[] = [], isEager = false): AnswerReader {
  return new AnswerReader({ upstream: "google", inputs: [input], isEager });
}

/** The first event of a stream. */
export const created: JsonObject = {
  event_type: "interaction.created",
  interaction: { id: "v1_a", status: "in_progress" },
};

/** A stream of one step, from its shell and deltas. */
export function stepped(step: JsonObject, ...deltas: JsonObject[]): JsonObject[] {
  return [
    { event_type: "step.start", index: 0, step },
    ...deltas.map((delta) => ({ event_type: "step.delta", index: 0, delta })),
    { event_type: "step.stop", index: 0 },
  ];
}

/** The last event of a stream. */
export const completed: JsonObject = {
  event_type: "interaction.completed",
  interaction: { id: "v1_a", status: "completed", usage: { total_tokens: 3, total_input_tokens: 1 } },
};

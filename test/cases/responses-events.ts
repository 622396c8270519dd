import type { JsonObject } from "../../schema/core/json.ts";

/**
 * The events of `POST /v1/responses`, composed from OpenAI's reference ("Streaming events", and the types in
 * `resources/responses/responses.d.ts` of the `openai` package 7.57.0, November 2026): no recording of OpenAI itself is at
 * hand. What llama.cpp really sends is in `test/fixtures/openai-responses`.
 */
export type ComposedEvent = JsonObject & { type: string };

/** An item of an answer. */
export type ComposedItem = JsonObject & { type: string; id: string };

/** What an answer is made of. */
export type ComposedAnswer = {
  id?: string;
  model?: string;
  status?: "completed" | "incomplete" | "failed";
  incomplete_details?: JsonObject | null;
  error?: JsonObject | null;
  output: ComposedItem[];
  /** The tools that were offered, which OpenAI repeats. */
  tools?: JsonObject[];
  usage?: JsonObject;
};

const usage: JsonObject = {
  input_tokens: 20,
  input_tokens_details: { cached_tokens: 8 },
  output_tokens: 12,
  output_tokens_details: { reasoning_tokens: 5 },
  total_tokens: 32,
};

/** All events of an answer, item after item, numbered as OpenAI does. */
export function answerEvents(answer: ComposedAnswer): ComposedEvent[] {
  const { status = "completed" } = answer;
  const response = responseObject(answer);
  const begun = { ...response, status: "in_progress", output: [], usage: null };
  return numbered([
    { type: "response.created", response: begun },
    { type: "response.in_progress", response: begun },
    ...answer.output.flatMap(itemEvents),
    { type: `response.${status}`, response },
  ]);
}

/** The whole answer, as the last event has it and as it comes without a stream. */
export function responseObject(answer: ComposedAnswer): JsonObject {
  return {
    id: answer.id ?? "resp_1",
    object: "response",
    created_at: 1_795_000_000,
    model: answer.model ?? "gpt-test",
    status: answer.status ?? "completed",
    error: answer.error ?? null,
    incomplete_details: answer.incomplete_details ?? null,
    output: answer.output,
    tools: answer.tools ?? [],
    usage: answer.usage ?? usage,
  };
}

/** What is said of one item: that it begins, its pieces, and the item whole. */
export function itemEvents(item: ComposedItem, output_index: number): ComposedEvent[] {
  const about = { item_id: item.id, output_index };
  return [
    { type: "response.output_item.added", output_index, item: begunItem(item) },
    ...pieces(item, about),
    { type: "response.output_item.done", output_index, item },
  ];
}

/** Events as the body of a stream. */
export function streamOf(events: readonly ComposedEvent[]): string {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
}

/** Numbers events anew, in their order. */
export function numbered(events: readonly ComposedEvent[]): ComposedEvent[] {
  return events.map((event, sequence_number) => ({ ...event, sequence_number }));
}

function begunItem(item: ComposedItem): JsonObject {
  const { type, id } = item;
  switch (type) {
    case "message":
      return { ...item, status: "in_progress", content: [] };
    case "reasoning":
      return { type, id, summary: [], encrypted_content: "not-whole-yet" };
    case "function_call":
      return { ...item, status: "in_progress", arguments: "" };
    case "code_interpreter_call":
      return { ...item, status: "in_progress", code: "", outputs: null };
    default:
      return { type, id, status: "in_progress" };
  }
}

function pieces(item: ComposedItem, about: JsonObject): ComposedEvent[] {
  switch (item.type) {
    case "message":
      return listOf(item.content).flatMap((part, content_index) => partPieces(part, { ...about, content_index }));
    case "reasoning":
      return [
        ...listOf(item.summary).flatMap((part, summary_index) => summaryPieces(part, { ...about, summary_index })),
        ...listOf(item.content).flatMap((part, content_index) =>
          textPieces("response.reasoning_text", "text", part, { ...about, content_index }),
        ),
      ];
    case "function_call":
      return textPieces("response.function_call_arguments", "arguments", item, about);
    case "code_interpreter_call":
      return [
        { type: "response.code_interpreter_call.in_progress", ...about },
        ...textPieces("response.code_interpreter_call_code", "code", item, about),
        { type: "response.code_interpreter_call.interpreting", ...about },
        { type: "response.code_interpreter_call.completed", ...about },
      ];
    default:
      return ["in_progress", "completed"].map((state) => ({ type: `response.${item.type}.${state}`, ...about }));
  }
}

function partPieces(part: JsonObject, about: JsonObject): ComposedEvent[] {
  const isRefusal = part.type === "refusal";
  const said = isRefusal
    ? textPieces("response.refusal", "refusal", part, about)
    : textPieces("response.output_text", "text", part, about);
  const citations = listOf(part.annotations).map((annotation, annotation_index) => ({
    type: "response.output_text.annotation.added",
    ...about,
    annotation_index,
    annotation,
  }));
  const done = said.pop();
  return [
    { type: "response.content_part.added", ...about, part: isRefusal ? { type: "refusal", refusal: "" } : emptyText },
    ...said,
    ...citations,
    ...(done === undefined ? [] : [done]),
    { type: "response.content_part.done", ...about, part },
  ];
}

const emptyText: JsonObject = { type: "output_text", text: "", annotations: [] };

function summaryPieces(part: JsonObject, about: JsonObject): ComposedEvent[] {
  return [
    { type: "response.reasoning_summary_part.added", ...about, part: { type: "summary_text", text: "" } },
    ...textPieces("response.reasoning_summary_text", "text", part, about),
    { type: "response.reasoning_summary_part.done", ...about, part },
  ];
}

/** A text in deltas of a few characters, and whole. */
function textPieces(type: string, member: string, whole: JsonObject, about: JsonObject): ComposedEvent[] {
  const text = String(whole[member] ?? "");
  const deltas = [...text.matchAll(/[\s\S]{1,7}/gu)].map(([delta]) => ({ type: `${type}.delta`, ...about, delta }));
  return [...deltas, { type: `${type}.done`, ...about, [member]: text }];
}

function listOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value : [];
}

import { isJsonObject, type JsonObject, type JsonValue } from "../../schema/core/json.ts";
import { jsonBySchema } from "./json-by-schema.ts";

/** What a fake model of Google's says: its steps, and how it ends. */
export type FakeAnswer = { steps: JsonObject[]; status: string };

/** Signatures that the fake makes; it takes no others, except the one that Google documents for calls of other models. */
const SIGNED = "ZmFrZS1zaWduYXR1cmUt";
const NO_SIGNATURE = "skip_thought_signature_validator";

/**
 * What a fake model answers: it calls the first function that it is offered when it is spoken to, says what a function gave
 * back, and else repeats what was said. It always thinks first.
 */
export function fakeAnswer(body: JsonObject, chain: readonly JsonObject[], count: number): FakeAnswer {
  const thought = { type: "thought", signature: `${SIGNED}${count}` };
  const last = chain.at(-1);
  const offered = Array.isArray(body.tools) ? body.tools.filter(isJsonObject) : [];
  const wanted = offered.find((tool) => tool.type === "function");
  if (last?.type === "function_result") {
    return { steps: [thought, saying(`It says: ${JSON.stringify(last.result)}.`)], status: "completed" };
  }
  if (wanted !== undefined) {
    const call = {
      type: "function_call",
      id: `call_${count}`,
      name: wanted.name ?? "",
      arguments: { place: "Zürich" },
    };
    return { steps: [thought, call], status: "requires_action" };
  }
  const { response_format: format } = body;
  if (isJsonObject(format) && isJsonObject(format.schema)) {
    return { steps: [thought, saying(jsonBySchema(format.schema))], status: "completed" };
  }
  const said = chain.filter((step) => step.type === "user_input").map(wordsOf);
  return { steps: [thought, saying(`You said: ${said.join(" / ")} 🎈.`)], status: "completed" };
}

/** The events in which steps are told, in Google's manner: shells first, then what is in them. */
export function eventsOfSteps(steps: readonly JsonObject[]): JsonObject[] {
  return steps.flatMap((step, index): JsonObject[] => [
    { index, step: shellOf(step), event_type: "step.start" },
    ...deltasOf(step).map((delta) => ({ index, delta, event_type: "step.delta" })),
    { index, event_type: "step.stop" },
  ]);
}

/** Why Google would refuse some steps: it knows its own signatures, and takes no call without one and no result without a call. */
export function refusalOfSteps(steps: readonly JsonObject[], chain: readonly JsonObject[]): string | undefined {
  let isSigned = false;
  const calls = new Set(chain.filter(isCall).map((step) => step.id));
  for (const step of steps) {
    if (step.type === "thought" && !isGoogles(step.signature)) return "Thought signature is not valid.";
    if (step.type === "user_input") isSigned = false;
    isSigned ||= step.type === "thought";
    if (isCall(step)) {
      if (!isSigned) return `Function call is missing a thought_signature in functionCall parts: '${step.name}'.`;
      calls.add(step.id);
    }
    if (step.type !== "function_result") continue;
    if (typeof step.name !== "string") return "Function result has no name.";
    if (!calls.has(step.call_id))
      return `Please ensure that function response turn comes immediately after a function call turn. Got function response with name '${step.name}'`;
  }
  return undefined;
}

function isCall(step: JsonObject): boolean {
  return step.type === "function_call";
}

function isGoogles(signature: JsonValue | undefined): boolean {
  return typeof signature === "string" && (signature.startsWith(SIGNED) || signature === NO_SIGNATURE);
}

function saying(text: string): JsonObject {
  return { type: "model_output", content: [{ type: "text", text }] };
}

function wordsOf(step: JsonObject): string {
  const contents = Array.isArray(step.content) ? step.content.filter(isJsonObject) : [];
  return contents.map(({ type, text }) => (typeof text === "string" ? text : `[${type}]`)).join(" ");
}

function shellOf({ type, id, name }: JsonObject): JsonObject {
  return type === "function_call"
    ? { id: id ?? "", signature: "", type, name: name ?? "", arguments: {} }
    : { type: type ?? "" };
}

function deltasOf(step: JsonObject): JsonObject[] {
  if (step.type === "thought") return [{ type: "thought_signature", signature: step.signature ?? "" }];
  if (isCall(step)) {
    const text = JSON.stringify(step.arguments);
    return [text.slice(0, 7), text.slice(7)].map((piece) => ({ arguments: piece, type: "arguments_delta" }));
  }
  const texts = [...wordsOf(step).matchAll(/.{1,9}/gsu)].map(([text]): JsonObject => ({ text, type: "text" }));
  const contents = Array.isArray(step.content) ? step.content.filter(isJsonObject) : [];
  const sources = contents.flatMap(({ annotations }) => annotations ?? []);
  return sources.length === 0 ? texts : [...texts, { annotations: sources, type: "text_annotation_delta" }];
}

import { Buffer } from "node:buffer";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
import type { Signature, Thought } from "../../../schema/core/step.ts";
import { objectsIn } from "../json-members.ts";
import { parsedJson } from "../parsed-json.ts";
import { isText } from "./wire.ts";

/** The members in which servers give reasoning as text: DeepSeek, vLLM and llama.cpp; OpenRouter and Ollama; others. */
const members = ["reasoning_content", "reasoning", "thinking"] as const;
type Member = (typeof members)[number];

/** How a server spelt its reasoning, and so wants it back; `think` is the tag in the text. */
export type Spelling = Member | "reasoning_details" | "think";

/** What a server said of its reasoning, to be given back as it was. */
export type Reasoning = {
  as: Spelling;
  text: string;
  /** OpenRouter's blocks, some of them encrypted. */
  details?: JsonObject[];
};

/** A piece of reasoning in a chunk; `undefined` where it has none. One that is spelt twice counts once. */
export function reasoningIn(delta: JsonObject): Reasoning | undefined {
  const { reasoning_content, reasoning, thinking } = delta;
  if (Array.isArray(delta.reasoning_details) && delta.reasoning_details.length > 0) {
    const details = objectsIn(delta, "reasoning_details");
    return { as: "reasoning_details", text: details.map(textOfDetail).join(""), details };
  }
  if (isText(reasoning_content)) return { as: "reasoning_content", text: reasoning_content };
  if (isText(reasoning)) return { as: "reasoning", text: reasoning };
  return isText(thinking) ? { as: "thinking", text: thinking } : undefined;
}

function textOfDetail({ text, summary }: JsonObject): string {
  if (isText(text)) return text;
  return isText(summary) ? summary : "";
}

/** Blocks that come in pieces, put together: pieces of one kind and place follow each other. */
export function joinDetails(known: JsonObject[], added: readonly JsonObject[]): JsonObject[] {
  const joined = [...known];
  for (const detail of added) {
    const last = joined.at(-1);
    if (last === undefined || last.type !== detail.type || last.index !== detail.index) joined.push(detail);
    else joined[joined.length - 1] = joinDetail(last, detail);
  }
  return joined;
}

function joinDetail(one: JsonObject, other: JsonObject): JsonObject {
  const joined: JsonObject = { ...one, ...withoutNulls(other) };
  for (const name of ["text", "summary", "data"]) {
    const [before, after] = [one[name], other[name]];
    if (isText(before) && isText(after)) joined[name] = before + after;
  }
  return joined;
}

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

/**
 * The signature of a thought of this upstream. It says how the reasoning was spelt, and holds what the thought's summary
 * does not: blocks, and the words themselves where nobody wanted to see them. It names the upstream too, because clients
 * who keep the history replay signatures without saying whose they are.
 */
export function sealReasoning(upstream: string, { as, text, details }: Reasoning, isShown: boolean): Signature {
  const sealed = { upstream, as, ...(isShown ? {} : { text }), ...(details === undefined ? {} : { details }) };
  return { value: Buffer.from(JSON.stringify(sealed)).toString("base64"), provider: upstream };
}

/** The reasoning in a thought, if this upstream made it. */
export function unsealReasoning(upstream: string, { signature, summary = [] }: Thought): Reasoning | undefined {
  if (signature === undefined || (signature.provider ?? upstream) !== upstream) return undefined;
  const sealed = parsedJson(Buffer.from(signature.value, "base64").toString("utf8"));
  if (!isJsonObject(sealed) || sealed.upstream !== upstream || !isSpelling(sealed.as)) return undefined;
  const shown = summary.map((content) => (content.type === "text" ? content.text : "")).join("");
  const text = typeof sealed.text === "string" ? sealed.text : shown;
  const details = objectsIn(sealed, "details");
  return { as: sealed.as, text, ...(details.length > 0 ? { details } : {}) };
}

function isSpelling(value: JsonValue | undefined): value is Spelling {
  return value === "reasoning_details" || value === "think" || members.some((name) => name === value);
}

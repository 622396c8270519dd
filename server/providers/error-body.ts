import { isJsonObject, type JsonObject, type JsonValue } from "../../schema/core/json.ts";
import { parsedJson } from "./parsed-json.ts";

/** What the body of an error says, whatever its shape. */
export type ErrorBody = {
  /** One line for people; absent where the body has none, or is a page. */
  sentence?: string;
  /** An HTTP status that stands in the body. */
  status?: number;
  /** Every name of the cause, in lower case: OpenAI's `code` and `type`, Google's `status` and `reason`. */
  words: ReadonlySet<string>;
  /** How many seconds Google's `RetryInfo` asks to wait. */
  retryAfter?: number;
  /** Whether what is used up is one of Google's quotas for a whole day. */
  dayIsOver: boolean;
};

const LONGEST_SENTENCE = 300;
/** What keys look like that a sentence might repeat. */
const keyLike = /\bBearer \S+|\bsk-[\w*-]{8,}|\bAIza[\w-]{20,}/g;

/**
 * Reads an error in the shape of OpenAI (string code), llama.cpp (number), Google (object or array; number and `status`, or
 * string code), Ollama (`error` is the text), FastAPI (`detail`), or as plain text.
 */
export function readErrorBody(body: string): ErrorBody {
  const parsed = parsedJson(body);
  const layers = layersOf(parsed === undefined ? body : parsed);
  const objects = layers.filter(isJsonObject);
  const details = objects.flatMap(({ details }) => (Array.isArray(details) ? details.filter(isJsonObject) : []));
  const status = objects.flatMap(({ code, status }) => [code, status]).find(isErrorStatus);
  const wait = details.map(({ retryDelay }) => /^([\d.]+)s$/.exec(textOf(retryDelay))?.[1]).find(Boolean);
  const sentence = layers.map(sentenceOf).findLast((line) => line !== "");
  return {
    ...(sentence === undefined ? {} : { sentence }),
    ...(status === undefined ? {} : { status }),
    words: new Set([...objects.toReversed(), ...details].flatMap(wordsOf)),
    ...(wait === undefined ? {} : { retryAfter: Number(wait) }),
    dayIsOver: details.some(({ violations }) => JSON.stringify(violations ?? "").includes("PerDay")),
  };
}

/** No error is wrapped more often. */
const MOST_LAYERS = 8;

/** The value and what is wrapped in it, down to the error itself. */
function layersOf(value: JsonValue, most = MOST_LAYERS): JsonValue[] {
  const inner = most === 1 ? undefined : innerOf(value);
  return inner === undefined || inner === null ? [value] : [value, ...layersOf(inner, most - 1)];
}

function innerOf(value: JsonValue): JsonValue | undefined {
  if (!Array.isArray(value)) return isJsonObject(value) ? (value.error ?? value.detail) : undefined;
  const [first] = value;
  return isJsonObject(first) && first.error !== undefined ? first : undefined;
}

function isErrorStatus(value: unknown): value is number {
  return typeof value === "number" && value >= 400 && value < 600;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function wordsOf({ code, type, status, reason }: JsonObject): string[] {
  return [code, type, status, reason].map((word) => textOf(word).toLowerCase()).filter((word) => word !== "");
}

function sentenceOf(value: JsonValue): string {
  if (Array.isArray(value)) return oneLine(value.filter(isJsonObject).map(complaintOf).filter(Boolean).join("; "));
  return oneLine(isJsonObject(value) ? textOf(value.message) : textOf(value));
}

/** FastAPI lists what it dislikes, each with its place in the request. */
function complaintOf({ loc, msg }: JsonObject): string {
  const place = Array.isArray(loc) ? loc.filter((part) => part !== "body").join(".") : "";
  return place === "" ? textOf(msg) : `${place}: ${textOf(msg)}`;
}

/** A web page says nothing that fits on a line. */
function oneLine(raw: string): string {
  const line = raw
    .slice(0, 4 * LONGEST_SENTENCE)
    .replace(/\s+/g, " ")
    .trim()
    .replace(keyLike, "[hidden]");
  if (line.startsWith("<")) return "";
  if (line.length <= LONGEST_SENTENCE) return line;
  return `${line.slice(0, LONGEST_SENTENCE).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

import { HubError } from "../../../schema/core/error.ts";
import { isJsonObject, type JsonValue } from "../../../schema/core/json.ts";
import { parsedJson } from "../parsed-json.ts";
import type { WireChunk } from "./wire.ts";

/** What a value must be: a text, a whole number from 0, any object, a list, or an object of which some members are read. */
type Form = "text" | "count" | "flag" | "object" | "any" | readonly [Form] | Members;
type Members = { readonly [name: string]: Form };

const blob: Form = { mimeType: "text", data: "text" };

const part: Form = {
  text: "text",
  thought: "flag",
  thoughtSignature: "text",
  inlineData: blob,
  fileData: { mimeType: "text", fileUri: "text" },
  functionCall: { id: "text", name: "text", args: "object", partialArgs: "any", willContinue: "flag" },
  executableCode: { id: "text", language: "text", code: "text" },
  codeExecutionResult: { id: "text", outcome: "text", output: "text" },
  toolCall: { id: "text", toolType: "text", args: "object" },
  toolResponse: { id: "text", toolType: "text", response: "object" },
  audioTranscription: {
    text: "text",
    speakerLabel: "text",
    words: [{ word: "text", startOffset: "text", endOffset: "text" }],
  },
};

const snippet: Form = { title: "text", googleMapsUri: "text", uri: "text", reviewId: "text", id: "text" };

const source: Form = {
  web: { uri: "text", title: "text" },
  image: { imageUri: "text", sourceUri: "text", title: "text" },
  maps: {
    uri: "text",
    title: "text",
    text: "text",
    placeId: "text",
    placeAnswerSources: { reviewSnippets: [snippet] },
  },
  retrievedContext: {
    uri: "text",
    title: "text",
    text: "text",
    fileSearchStore: "text",
    pageNumber: "count",
    mediaId: "text",
    customMetadata: ["object"],
  },
};

const grounding: Form = {
  webSearchQueries: ["text"],
  imageSearchQueries: ["text"],
  searchEntryPoint: { renderedContent: "text" },
  groundingChunks: [source],
  groundingSupports: [
    { segment: { startIndex: "count", endIndex: "count", text: "text" }, groundingChunkIndices: ["count"] },
  ],
  googleMapsWidgetContextToken: "text",
};

const citations: Form = [{ startIndex: "count", endIndex: "count", uri: "text", title: "text", license: "text" }];

const counts: Form = [{ modality: "text", tokenCount: "count" }];

const chunk: Form = {
  candidates: [
    {
      content: { parts: [part] },
      finishReason: "text",
      finishMessage: "text",
      groundingMetadata: grounding,
      urlContextMetadata: { urlMetadata: [{ retrievedUrl: "text", urlRetrievalStatus: "text" }] },
      citationMetadata: { citationSources: citations, citations },
      continuationToken: "text",
    },
  ],
  promptFeedback: { blockReason: "text", blockReasonMessage: "text" },
  usageMetadata: {
    promptTokenCount: "count",
    cachedContentTokenCount: "count",
    candidatesTokenCount: "count",
    toolUsePromptTokenCount: "count",
    thoughtsTokenCount: "count",
    totalTokenCount: "count",
    promptTokensDetails: counts,
    cacheTokensDetails: counts,
    candidatesTokensDetails: counts,
    toolUsePromptTokensDetails: counts,
  },
};

/**
 * A record of a stream, of which what is read has the form that it must have. A member that is null counts as absent, and so
 * does a count that is none. Throws a `HubError` for a record that is no JSON object or says something else than it may.
 */
export function readChunk(data: string, upstream: string): WireChunk {
  try {
    const parsed = parsedJson(data);
    if (isJsonObject(parsed)) return fitted(parsed, chunk, "") as WireChunk;
    throw new TypeError("It is no JSON object.");
  } catch (cause) {
    throw new HubError("upstream_error", `The upstream '${upstream}' sent a record that cannot be read.`, { cause });
  }
}

/** The value, of which what does not count is taken out; `undefined` if none of it counts. */
function fitted(value: JsonValue, form: Form, path: string): JsonValue | undefined {
  if (value === null || form === "any") return value ?? undefined;
  if (form === "count") return Number.isSafeInteger(value) && Number(value) >= 0 ? value : undefined;
  if (form === "text" && typeof value === "string") return value;
  if (form === "flag" && typeof value === "boolean") return value;
  if (form === "object" && isJsonObject(value)) return value;
  if (isList(form) && Array.isArray(value)) return fittedList(value, form[0], path);
  if (typeof form === "string" || isList(form) || !isJsonObject(value))
    throw new TypeError(`'${path}' is something else.`);
  for (const [name, inner] of Object.entries(form)) {
    const member = value[name];
    if (member === undefined) continue;
    const kept = fitted(member, inner, `${path}.${name}`);
    if (kept === undefined) delete value[name];
    else value[name] = kept;
  }
  return value;
}

/** Objects keep their places, for others refer to them by these. */
function fittedList(list: JsonValue[], form: Form, path: string): JsonValue[] {
  return list.flatMap((item) => fitted(item, form, `${path}[]`) ?? (typeof form === "string" ? [] : [{}]));
}

function isList(form: Form): form is readonly [Form] {
  return Array.isArray(form);
}

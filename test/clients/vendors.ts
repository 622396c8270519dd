import { isJsonObject, type JsonObject, type JsonValue } from "../../schema/core/json.ts";
import { type FakeGemini, startFakeGemini } from "../cases/fake-gemini.ts";
import { startFakeGenerateContent } from "../cases/fake-generate-content.ts";
import { startFakeChatServer } from "../cases/fake-openai-chat.ts";
import { startFakeVendor } from "../cases/fake-openai-responses.ts";

/** A kind of upstream, with a fake of who stands behind it, and how its requests are read. */
export type Vendor = {
  kind: string;
  /** As the hub's clients name it. */
  model: string;
  /** What the fake model calls `get_weather` with when it is asked about Porto. */
  called: JsonObject;
  start(): Promise<RunningVendor>;
  /** The JSON schema in a request. */
  schemaIn(body: JsonObject): JsonValue | undefined;
  /** The images in a request, as data URLs. */
  imagesIn(body: JsonObject): string[];
  /** What a request gives back of the vendor's own thoughts: the words or the signature. */
  thoughtsIn(body: JsonObject): string[];
  /** What it must look like. */
  thought: RegExp;
};

export type RunningVendor = {
  /** What the hub's configuration says of it. */
  entry: JsonObject;
  /** The bodies of the requests for an answer so far, oldest first. */
  asked(): JsonObject[];
  /** Milliseconds between two pieces of the answers from now on. */
  setPace(pace: number): void;
  /** Whether the connection of the latest request was closed before it was answered. */
  hasLost(): boolean;
  close(): Promise<void>;
};

const openaiChat: Vendor = {
  kind: "openai-chat",
  model: "chat/fake-thinker",
  called: { city: "Porto" },
  async start() {
    const fake = await startFakeChatServer();
    return { ...recording(fake), entry: { name: "chat", kind: "openai-chat", base_url: fake.url } };
  },
  schemaIn: ({ response_format: format }) => memberOf(memberOf(format, "json_schema"), "schema"),
  imagesIn: (body) =>
    objectsIn(body).flatMap(({ image_url: image }) => (isJsonObject(image) ? [String(image.url)] : [])),
  thoughtsIn: (body) => stringsIn(body, "reasoning_content"),
  thought: /^The user wants something\.$/,
};

const openaiResponses: Vendor = {
  kind: "openai-responses",
  model: "openai/fake-gpt",
  called: { city: "Porto" },
  async start() {
    const fake = await startFakeVendor();
    const entry = { name: "openai", kind: "openai-responses", base_url: `${fake.url}/v1`, key: "test-key" };
    return { ...recording(fake), entry };
  },
  schemaIn: ({ text }) => memberOf(memberOf(text, "format"), "schema"),
  imagesIn: (body) => stringsIn(body, "image_url"),
  thoughtsIn: (body) => stringsIn(body, "encrypted_content"),
  thought: /^encrypted-\d+$/,
};

const gemini = {
  kind: "gemini",
  model: "google/gemini-3.8-flash",
  called: { place: "Zürich" },
  async start() {
    const fake = await startFakeGemini();
    return {
      fake,
      entry: { name: "google", kind: "gemini", base_url: fake.url, key: "hub-key" },
      asked: () => fake.requests.flatMap(({ method, body }) => (method === "POST" && body !== undefined ? [body] : [])),
      setPace: (pace) => {
        fake.manner.pace = pace;
      },
      hasLost: () => fake.requests.findLast(({ body }) => body !== undefined)?.brokenOff() === true,
      close: fake.close,
    } satisfies RunningVendor & { fake: FakeGemini };
  },
  schemaIn: ({ response_format: format }) => memberOf(format, "schema"),
  imagesIn: (body) => objectsIn(body).flatMap((each) => (each.type === "image" ? [dataUrl(each)] : [])),
  thoughtsIn: (body) => stringsIn(body, "signature"),
  thought: /^ZmFrZS1zaWduYXR1cmUt\d+$/,
} satisfies Vendor;

const generateContent: Vendor = {
  kind: "gemini by generateContent",
  model: "google/gemini-3.8-flash",
  called: { about: "get_weather" },
  async start() {
    const fake = await startFakeGenerateContent();
    const protocol = "generate-content";
    return { ...recording(fake), entry: { name: "google", kind: "gemini", base_url: fake.url, key: "k", protocol } };
  },
  schemaIn: ({ generationConfig: config }) => memberOf(config, "responseJsonSchema"),
  imagesIn: (body) =>
    objectsIn(body).flatMap(({ inlineData: data }) =>
      isJsonObject(data) ? [dataUrl({ mime_type: data.mimeType ?? "", data: data.data ?? "" })] : [],
    ),
  thoughtsIn: (body) => stringsIn(body, "thoughtSignature"),
  // "signature" and a number, in base64.
  thought: /^c2lnbmF0dXJlI/,
};

/** Every kind of upstream; Gemini by both of its protocols. */
export const vendors = { openaiChat, openaiResponses, gemini, generateContent } as const;

/** What the fakes that replay have in common. */
function recording(fake: {
  requests: readonly { method: string; json: unknown; leftByClient(): boolean }[];
  pace: number;
  close(): Promise<void>;
}): Omit<RunningVendor, "entry"> {
  return {
    asked: () => fake.requests.flatMap(({ method, json }) => (method === "POST" && isJsonObject(json) ? [json] : [])),
    setPace: (pace) => {
      fake.pace = pace;
    },
    hasLost: () => fake.requests.findLast(({ method }) => method === "POST")?.leftByClient() === true,
    close: fake.close,
  };
}

function objectsIn(value: JsonValue): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  return isJsonObject(value) ? [value, ...Object.values(value).flatMap(objectsIn)] : [];
}

function stringsIn(value: JsonValue, member: string): string[] {
  return objectsIn(value).flatMap(({ [member]: found }) => (typeof found === "string" ? [found] : []));
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isJsonObject(value) ? value[name] : undefined;
}

function dataUrl({ mime_type, data }: JsonObject): string {
  return `data:${mime_type};base64,${data}`;
}

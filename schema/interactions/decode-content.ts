import { type Annotation, type Content, type MediaContent, type MediaType, mediaTypes } from "../core/content.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../core/json.ts";
import { MimeType } from "../core/mime-type.ts";
import { shortened } from "../core/shortened.ts";
import { standardBase64 } from "./base64.ts";
import { decodeOptions } from "./decode-options.ts";
import { keepUnknown, type Unknown } from "./keep-unknown.ts";
import { arrayMember, integerMember, objectAt, ownMember, stringMember, unknownMembers } from "./members.ts";
import { invalidValue, missingMember, refusal, unsupportedType } from "./refusals.ts";
import { isStepType } from "./step-types.ts";

/** The wire types of contents, the same in both revisions. */
export const contentTypes: readonly string[] = ["text", ...mediaTypes];

const media: ReadonlySet<unknown> = new Set(mediaTypes);
const textMembers = new Set(["type", "text", "annotations"]);
const mediaMembers = new Set(["type", "mime_type", "data", "uri", "resolution", "sample_rate", "channels"]);
for (const name of ["name", "processing"]) mediaMembers.add(name);
const audioMembers = new Set([...mediaMembers, "rate"]);

/** Ends the refusal of what google-genai for Python 2.9 to 2.11 makes of turns: empty images and texts that are null. */
const MANGLED_TURNS =
  "If this comes from google-genai 2.9 to 2.11 for Python: its role/content turns are not supported," +
  " use user_input/model_output steps.";

/** Whether a wire type names a content: text or media. */
export function isContentType(type: unknown): boolean {
  return type === "text" || media.has(type);
}

/**
 * A content of either revision. Media have exactly one of `data` (base64, put into its standard form) and `uri`. Members
 * that the hub does not know are kept. The legacy name `rate` of an audio's `sample_rate` is read too: SDKs before
 * JavaScript 1.51 and Python 1.74 send it. A content of a type that nobody knows is kept whole and entered in `unknown`.
 * Throws a `HubError` that names the member at fault.
 */
export function decodeContent(wire: JsonValue, path: string, unknown?: Unknown): Content {
  const object = objectAt(wire, path);
  const type = stringMember(object, "type", path);
  if (type === undefined) throw missingMember("type", path);
  if (type === "text") return decodeText(object, path);
  if (isMediaType(type)) return decodeMedia(object, type, path);
  const refused = unsupportedType(type, path, contentTypes);
  // A step is no stranger: it only cannot stand here.
  if (isStepType(type)) throw refused;
  keepUnknown(refused, unknown);
  return { type: "other", raw: object };
}

/** Contents in order; a refusal names the place. */
export function decodeContents(wire: readonly JsonValue[], path: string, unknown?: Unknown): Content[] {
  return wire.map((item, index) => decodeContent(item, `${path}[${index}]`, unknown));
}

function isMediaType(type: string): type is MediaType {
  return media.has(type);
}

function decodeText(object: JsonObject, path: string): Content {
  const text = stringMember(object, "text", path);
  if (text === undefined) {
    if (object.text !== null) throw missingMember("text", path);
    throw refusal(
      `Invalid value at '${path}.text': expected a string, received null. ${MANGLED_TURNS}`,
      `${path}.text`,
    );
  }
  const content: Content = { type: "text", text };
  const annotations = arrayMember(object, "annotations", path);
  if (annotations !== undefined) {
    content.annotations = annotations.map((item, index) => decodeAnnotation(item, `${path}.annotations[${index}]`));
  }
  const extra = unknownMembers(object, textMembers);
  if (extra !== undefined) content.extra = extra;
  return content;
}

/** An annotation is carried as it came; only what the hub itself reads is checked. */
function decodeAnnotation(wire: JsonValue, path: string): Annotation {
  const object = objectAt(wire, path);
  stringMember(object, "type", path);
  integerMember(object, "start_index", path);
  integerMember(object, "end_index", path);
  const isRead = (name: string) => name === "type" || name === "start_index" || name === "end_index";
  const hasNull = object.type === null || object.start_index === null || object.end_index === null;
  if (!hasNull) return object;
  return Object.fromEntries(Object.entries(object).filter(([name, value]) => value !== null || !isRead(name)));
}

function decodeMedia(object: JsonObject, type: MediaType, path: string): MediaContent {
  const content: MediaContent = { type };
  const mimeType = stringMember(object, "mime_type", path);
  if (mimeType !== undefined) content.mime_type = decodeOptions(MimeType, mimeType, `${path}.mime_type`);
  decodeSource(object, content, path);
  const resolution = stringMember(object, "resolution", path);
  if (resolution !== undefined) content.resolution = resolution;
  const sampleRate =
    integerMember(object, "sample_rate", path) ?? (type === "audio" ? integerMember(object, "rate", path) : undefined);
  if (sampleRate !== undefined) content.sample_rate = sampleRate;
  const channels = integerMember(object, "channels", path);
  if (channels !== undefined) content.channels = channels;
  const name = stringMember(object, "name", path);
  if (name !== undefined) content.name = name;
  const processing = ownMember(object, "processing");
  if (processing !== undefined) {
    if (typeof processing !== "string" && !isJsonObject(processing)) {
      throw invalidValue(`${path}.processing`, "a string or an object", processing);
    }
    content.processing = processing;
  }
  const extra = unknownMembers(object, type === "audio" ? audioMembers : mediaMembers);
  if (extra !== undefined) content.extra = extra;
  return content;
}

function decodeSource(object: JsonObject, content: MediaContent, path: string): void {
  const data = stringMember(object, "data", path);
  const uri = stringMember(object, "uri", path);
  if ((data === undefined) === (uri === undefined)) {
    const received = data === undefined ? "neither" : "both";
    const hint = Object.keys(object).length === 1 ? ` ${MANGLED_TURNS}` : "";
    const what = `Invalid value at '${path}': expected exactly one of 'data' and 'uri', received ${received}.`;
    throw refusal(what + hint, path);
  }
  if (data !== undefined) {
    const standard = standardBase64(data);
    if (standard === undefined || standard === "") {
      throw invalidValue(`${path}.data`, "base64", data, receivedData(data));
    }
    content.data = standard;
  }
  if (uri !== undefined) {
    if (!/^(?:https?|gs):\/\/./i.test(uri)) throw unsupportedUri(uri, `${path}.uri`);
    content.uri = uri;
  }
}

function receivedData(data: string): string {
  if (data === "") return "an empty string";
  return data.startsWith("data:") ? "a data: URL (send only what follows its comma)" : "a string that is none";
}

function unsupportedUri(uri: string, path: string): Error {
  return refusal(
    `Unsupported file URI type: ${shortened(uri)}. File URI must be whole: a File API URI (https://…/files/…),` +
      ` a YouTube URL, https://, http:// or gs://.`,
    path,
  );
}

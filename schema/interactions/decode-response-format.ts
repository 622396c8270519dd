import type { JsonObject, JsonValue } from "../core/json.ts";
import { MimeType } from "../core/mime-type.ts";
import { ResponseFormat } from "../core/settings.ts";
import { shortened } from "../core/shortened.ts";
import { decodeOptions, decodeUnlessUnknown } from "./decode-options.ts";
import { keepUnknown, type Unknown } from "./keep-unknown.ts";
import { arrayMember, objectAt, ownMember, stringMember, withoutNulls } from "./members.ts";
import { invalidEnum, invalidValue, refusal, unsupportedType } from "./refusals.ts";

const JSON_TYPE = "application/json";

const formatTypes: readonly string[] = ResponseFormat.options.map((option) => option.shape.type.value);

/** The values that `type` has in a JSON schema; anything else there is a misspelt format. */
const schemaTypes = new Set(["object", "array", "string", "number", "integer", "boolean", "null"]);

/** Names that the SDKs 2.0 to 2.2 for JavaScript sent in camelCase. */
const camelCaseNames: readonly (readonly [camel: string, snake: string])[] = [
  ["mimeType", "mime_type"],
  ["aspectRatio", "aspect_ratio"],
  ["imageSize", "image_size"],
  ["bitRate", "bit_rate"],
  ["sampleRate", "sample_rate"],
];

/**
 * What a request wants to get, from all the places in which the revisions say it: `response_format` (one entry, a list, or
 * a bare JSON schema), `response_mime_type`, `response_modalities` (also upper-case, as in Google's samples), and the
 * `image_config` of older generation settings. What an entry says itself wins over the older members. `unknown` where
 * `response_format` stands alone and holds more than the hub knows.
 */
export function decodeResponseFormat(
  body: JsonObject,
  image: JsonObject | undefined,
  unknown: Unknown,
): ResponseFormat[] | "unknown" | undefined {
  const format = ownMember(body, "response_format");
  const mimeType = stringMember(body, "response_mime_type", "");
  const modalities = decodeModalities(body);
  // What must be merged with the older members must be known.
  const isAlone = mimeType === undefined && modalities.length === 0 && image === undefined;
  const strangers = isAlone && unknown !== undefined ? [] : undefined;
  // Whoever says the type beside the schema means a schema, whatever stands in it.
  const entries = format === undefined ? [] : decodeEntries(format, mimeType !== undefined, strangers);
  if (mimeType !== undefined) addMimeType(entries, decodeOptions(MimeType, mimeType, "response_mime_type"));
  for (const type of modalities) entryOf(entries, type);
  if (image !== undefined) {
    const entry = entryOf(entries, "image");
    Object.assign(entry, { ...image, ...entry });
  }
  const formats = entries.map((entry, index) => {
    const path = Array.isArray(format) ? `response_format[${index}]` : "response_format";
    return decodeUnlessUnknown(ResponseFormat, completed(entry), path, strangers);
  });
  unknown?.push(...(strangers ?? []));
  if (strangers !== undefined && strangers.length > 0) return "unknown";
  return formats.length === 0 ? undefined : formats.filter((entry) => entry !== undefined);
}

function decodeEntries(format: JsonValue, isSchema: boolean, unknown: Unknown): JsonObject[] {
  if (!Array.isArray(format)) return [decodeEntry(format, "response_format", isSchema, unknown)];
  return format.map((item, index) => decodeEntry(item, `response_format[${index}]`, false, unknown));
}

function decodeEntry(wire: JsonValue, path: string, isSchema: boolean, unknown: Unknown): JsonObject {
  const object = objectAt(wire, path);
  const { type } = object;
  if (typeof type === "string" && formatTypes.includes(type)) return withSnakeCase(withoutNulls(object));
  // A `type` of a JSON schema may be upper-case (Google's own schemas), a list, or missing.
  if (typeof type === "string" && !schemaTypes.has(type.toLowerCase())) {
    if (isSchema) throw unusableSchema(type, path);
    keepUnknown(unsupportedType(type, path, formatTypes), unknown);
    // Only holds its place: the whole member is kept as it came.
    return { type: "text" };
  }
  return { type: "text", schema: object };
}

function unusableSchema(type: string, path: string): Error {
  const types = [...schemaTypes].join(", ");
  const what = `Not a usable JSON schema at '${path}': its 'type' is '${shortened(type)}'.`;
  return refusal(`${what} Supported values: ${types}.`, `${path}.type`);
}

function withSnakeCase(object: JsonObject): JsonObject {
  let renamed = object;
  for (const [camel, snake] of camelCaseNames) {
    const value = ownMember(renamed, camel);
    if (value === undefined) continue;
    const { [camel]: _, ...rest } = renamed;
    renamed = { [snake]: value, ...rest };
  }
  return renamed === object ? { ...object } : renamed;
}

/** A schema means JSON unless another type is said. Google's samples write `2k`, the sizes are `1K`, `2K` and `4K`. */
function completed(entry: JsonObject): JsonObject {
  const { image_size: size } = entry;
  if (typeof size === "string") return { ...entry, image_size: size.toUpperCase() };
  if (entry.schema === undefined || entry.mime_type !== undefined) return entry;
  return { ...entry, mime_type: JSON_TYPE };
}

function addMimeType(entries: JsonObject[], mimeType: string): void {
  const family = mimeType.split("/", 1)[0] ?? "";
  const type = family === "image" || family === "audio" ? family : "text";
  const entry = entryOf(entries, type);
  entry.mime_type ??= mimeType;
}

function decodeModalities(body: JsonObject): string[] {
  const modalities = arrayMember(body, "response_modalities", "") ?? [];
  return modalities.map((modality, index) => {
    const path = `response_modalities[${index}]`;
    if (typeof modality !== "string") throw invalidValue(path, "a string", modality);
    const type = modality.toLowerCase();
    if (!formatTypes.includes(type)) throw invalidEnum(modality, path, formatTypes);
    return type;
  });
}

function entryOf(entries: JsonObject[], type: string): JsonObject {
  const found = entries.find((entry) => entry.type === type);
  if (found !== undefined) return found;
  const entry: JsonObject = { type };
  entries.push(entry);
  return entry;
}

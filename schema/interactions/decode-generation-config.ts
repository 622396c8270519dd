import { isJsonObject, type JsonObject, type JsonValue } from "../core/json.ts";
import { GenerationConfig } from "../core/settings.ts";
import { decodeOptions } from "./decode-options.ts";
import { decodeTranscription } from "./decode-transcription.ts";
import { objectAt, objectMember, ownMember, withoutNulls } from "./members.ts";
import { unknownParameter } from "./refusals.ts";

const path = "generation_config";
const imageMembers = new Set(["aspect_ratio", "image_size"]);

/** A request's generation settings, and the image settings that older requests put among them. */
export type DecodedGenerationConfig = { config?: GenerationConfig; image?: JsonObject };

/**
 * The `generation_config` of a request. Google's documentation shows one speaker without the list around it, so a single
 * object with the members of a speaker is read as a list of one.
 */
export function decodeGenerationConfig(wire: JsonValue): DecodedGenerationConfig {
  const object = objectAt(wire, path);
  const { image_config: _image, ...members } = object;
  const speech = ownMember(members, "speech_config");
  if (speech !== undefined) members.speech_config = decodeSpeech(speech);
  const transcription = ownMember(members, "transcription_config");
  if (transcription !== undefined) {
    members.transcription_config = decodeTranscription(transcription, `${path}.transcription_config`) as JsonObject;
  }
  const video = ownMember(members, "video_config");
  if (isJsonObject(video)) members.video_config = withoutNulls(video);
  const image = objectMember(object, "image_config", path);
  const decoded: DecodedGenerationConfig = {};
  const config = decodeOptions(GenerationConfig, withoutNulls(members), path);
  if (Object.keys(config).length > 0 || image === undefined) decoded.config = config;
  if (image !== undefined) decoded.image = decodeImage(image);
  return decoded;
}

function decodeSpeech(wire: JsonValue): JsonValue {
  if (Array.isArray(wire)) return wire.map((item) => (isJsonObject(item) ? withoutNulls(item) : item));
  if (!isJsonObject(wire) || Object.hasOwn(wire, "speakers")) return wire;
  return [withoutNulls(wire)];
}

function decodeImage(image: JsonObject): JsonObject {
  for (const name in image) {
    if (!imageMembers.has(name)) throw unknownParameter(name, `${path}.image_config`, imageMembers);
  }
  return withoutNulls(image);
}

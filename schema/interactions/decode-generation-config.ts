import { isJsonObject, type JsonObject, type JsonValue } from "../core/json.ts";
import { GenerationConfig } from "../core/settings.ts";
import { decodeMembers } from "./decode-members.ts";
import { decodeTranscription } from "./decode-transcription.ts";
import { keepUnknown, type Unknown } from "./keep-unknown.ts";
import { objectAt, ownMember, withoutNulls } from "./members.ts";
import { unknownParameter } from "./refusals.ts";

const path = "generation_config";
const imageMembers = new Set(["aspect_ratio", "image_size"]);

/** The wire has no member of that name: it is the hub's place for those that it does not know. */
const WireConfig = GenerationConfig.omit({ extra: true });

/** A request's generation settings, and the image settings that older requests put among them. */
export type DecodedGenerationConfig = { config?: GenerationConfig; image?: JsonObject };

/**
 * The `generation_config` of a request. Google's documentation shows one speaker without the list around it, so a single
 * object with the members of a speaker is read as a list of one.
 */
export function decodeGenerationConfig(wire: JsonValue, unknown: Unknown): DecodedGenerationConfig {
  const { image_config: rawImage, transcription_config: transcript, ...members } = withoutNulls(objectAt(wire, path));
  const speech = ownMember(members, "speech_config");
  if (speech !== undefined) members.speech_config = decodeSpeech(speech);
  const video = ownMember(members, "video_config");
  if (isJsonObject(video)) members.video_config = withoutNulls(video);
  const { known, kept } = decodeMembers(WireConfig, members, path, unknown);
  const config: GenerationConfig = known;
  if (transcript !== undefined) {
    const decoded = decodeTranscription(transcript, `${path}.transcription_config`, unknown);
    if (decoded === undefined) kept.push(["transcription_config", transcript]);
    else config.transcription_config = decoded;
  }
  const image = rawImage === undefined ? undefined : decodeImage(objectAt(rawImage, `${path}.image_config`), unknown);
  if (rawImage !== undefined && image === undefined) kept.push(["image_config", rawImage]);
  // Object.fromEntries defines members, so that one called __proto__ stays a member.
  if (kept.length > 0) config.extra = Object.fromEntries(kept);
  const decoded: DecodedGenerationConfig = {};
  if (Object.keys(config).length > 0 || image === undefined) decoded.config = config;
  if (image !== undefined) decoded.image = image;
  return decoded;
}

function decodeSpeech(wire: JsonValue): JsonValue {
  if (Array.isArray(wire)) return wire.map((item) => (isJsonObject(item) ? withoutNulls(item) : item));
  if (!isJsonObject(wire) || Object.hasOwn(wire, "speakers")) return wire;
  return [withoutNulls(wire)];
}

/** The older image settings; `undefined` where there is more in them than the hub knows. */
function decodeImage(image: JsonObject, unknown: Unknown): JsonObject | undefined {
  const stranger = Object.keys(image).find((name) => !imageMembers.has(name));
  if (stranger === undefined) return withoutNulls(image);
  keepUnknown(unknownParameter(stranger, `${path}.image_config`, imageMembers), unknown);
  return undefined;
}

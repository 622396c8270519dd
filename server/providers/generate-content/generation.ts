import type { Degradation } from "../../../schema/core/degradation.ts";
import { formatPath } from "../../../schema/core/format-path.ts";
import type { JsonObject } from "../../../schema/core/json.ts";
import type { GenerationConfig, ResponseFormat, TranscriptionConfig } from "../../../schema/core/settings.ts";
import type { ModelTraits } from "../google/model-traits.ts";
import { plainSchema } from "../plain-schema.ts";
import type { WireConfig, WireSpeechConfig, WireVoice } from "./wire.ts";

/**
 * What Gemini 2.5 may think for each level, in tokens: what Google's own OpenAI-compatible API makes of the levels, and for
 * `minimal` the least that every one of these models takes.
 */
const budgets = { minimal: 512, low: 1_024, medium: 8_192, high: 24_576 } as const;

/** How the model generates. */
export function toGeneration(config: GenerationConfig, traits: ModelTraits): WireConfig {
  const wire: WireConfig = {};
  if (config.temperature !== undefined) wire.temperature = config.temperature;
  if (config.top_p !== undefined) wire.topP = config.top_p;
  if (config.presence_penalty !== undefined) wire.presencePenalty = config.presence_penalty;
  if (config.frequency_penalty !== undefined) wire.frequencyPenalty = config.frequency_penalty;
  if (config.seed !== undefined) wire.seed = config.seed;
  if (config.stop_sequences !== undefined) wire.stopSequences = config.stop_sequences;
  if (config.max_output_tokens !== undefined) wire.maxOutputTokens = config.max_output_tokens;
  const thinking = thinkingOf(config, traits);
  if (thinking !== undefined) wire.thinkingConfig = thinking;
  if (config.speech_config !== undefined) wire.speechConfig = speechOf(config.speech_config);
  if (config.transcription_config !== undefined)
    wire.audioTranscriptionConfig = transcriptionOf(config.transcription_config);
  return wire;
}

/** What the answer is to be. Where nothing is asked for, speech is if it is described or all that the model makes. */
export function toFormat(
  formats: readonly ResponseFormat[] | undefined,
  isSpeech: boolean,
  upstream: string,
  degradations: Degradation[],
): WireConfig {
  const wire: WireConfig = {};
  const modalities = (formats ?? []).map((format) => format.type.toUpperCase());
  if (formats === undefined && isSpeech) modalities.push("AUDIO");
  // Text alone is what every model gives without being asked, also those that take no modalities.
  if (modalities.some((modality) => modality !== "TEXT")) wire.responseModalities = [...new Set(modalities)];
  for (const [index, format] of (formats ?? []).entries()) {
    const field = formatPath(formats ?? [], index);
    const leaveOut = (member: string): void => {
      degradations.push({
        field: `${field}.${member}`,
        message: `The upstream '${upstream}' chooses it itself, so it was left out.`,
      });
    };
    switch (format.type) {
      case "text":
        if (format.schema !== undefined) wire.responseJsonSchema = plainSchema(format.schema);
        if (format.mime_type !== undefined) wire.responseMimeType = format.mime_type;
        else if (format.schema !== undefined) wire.responseMimeType = "application/json";
        break;
      case "image":
        if (format.aspect_ratio !== undefined || format.image_size !== undefined)
          wire.imageConfig = {
            ...(format.aspect_ratio === undefined ? {} : { aspectRatio: format.aspect_ratio }),
            ...(format.image_size === undefined ? {} : { imageSize: format.image_size }),
          };
        if (format.mime_type !== undefined) leaveOut("mime_type");
        break;
      case "audio":
        // Speech comes as raw samples, 24,000 a second.
        if (format.mime_type !== undefined && !/^audio\/l16\b/i.test(format.mime_type)) leaveOut("mime_type");
        if (format.sample_rate !== undefined && format.sample_rate !== 24_000) leaveOut("sample_rate");
        if (format.bit_rate !== undefined) leaveOut("bit_rate");
        break;
      case "video":
        break;
      default:
        format satisfies never;
    }
  }
  return wire;
}

function thinkingOf(config: GenerationConfig, traits: ModelTraits): WireConfig["thinkingConfig"] {
  const { thinking_level: level, thinking_summaries: summaries } = config;
  if (level === undefined && summaries === undefined) return undefined;
  const limit = traits.thinksByBudget
    ? level && { thinkingBudget: budgets[level] }
    : level && { thinkingLevel: level.toUpperCase() };
  return { ...limit, ...(summaries === undefined ? {} : { includeThoughts: summaries === "auto" }) };
}

type Speech = NonNullable<GenerationConfig["speech_config"]>;

/** Speakers with names talk with each other; one without speaks alone. */
function speechOf(config: Speech): WireSpeechConfig {
  const speakers = Array.isArray(config) ? config : config.speakers;
  const language = speakers.find((speaker) => speaker.language !== undefined)?.language;
  const wire: WireSpeechConfig = language === undefined ? {} : { languageCode: language };
  const [first] = speakers;
  if (speakers.length > 1 || first?.speaker !== undefined)
    wire.multiSpeakerVoiceConfig = {
      speakerVoiceConfigs: speakers.map(({ speaker = "", voice }) => ({ speaker, ...voiceOf(voice) })),
    };
  else Object.assign(wire, voiceOf(first?.voice));
  return wire;
}

function voiceOf(voice: string | undefined): { voiceConfig?: WireVoice } {
  return voice === undefined ? {} : { voiceConfig: { prebuiltVoiceConfig: { voiceName: voice } } };
}

function transcriptionOf(config: TranscriptionConfig): JsonObject {
  const wire: JsonObject = {};
  if (config.language_codes !== undefined) wire.languageCodes = config.language_codes;
  if (config.custom_vocabulary !== undefined) wire.customVocabulary = config.custom_vocabulary;
  const { mode } = config;
  if (mode === undefined) return wire;
  if (typeof mode === "string") return { ...wire, mode: mode.toUpperCase() };
  wire.mode = mode.type.toUpperCase();
  if (mode.type === "smart") return mode.source_text === undefined ? wire : { ...wire, sourceText: mode.source_text };
  if (mode.diarization_mode !== undefined) wire.diarization = true;
  if (mode.timestamp_granularities?.includes("word")) wire.wordTimestamp = true;
  return wire;
}

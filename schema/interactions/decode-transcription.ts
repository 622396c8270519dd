import { z } from "zod";
import { isJsonObject, type JsonObject, type JsonValue } from "../core/json.ts";
import { TranscriptionConfig, type TranscriptionMode } from "../core/settings.ts";
import { decodeUnlessUnknown } from "./decode-options.ts";
import type { Unknown } from "./keep-unknown.ts";
import { withoutNulls } from "./members.ts";
import { refusal } from "./refusals.ts";

const strings = z.array(z.string()).optional();

/** The wire's form: beside the members of today those that they replaced. */
const WireConfig = z.strictObject({
  ...TranscriptionConfig.shape,
  language_hints: strings,
  adaptation_phrases: strings,
  diarization_mode: z.string().optional(),
  timestamp_granularities: strings,
});
type WireConfig = z.infer<typeof WireConfig>;

const renamed = [
  ["language_hints", "language_codes"],
  ["adaptation_phrases", "custom_vocabulary"],
] as const;
const ofVerbatim = ["diarization_mode", "timestamp_granularities"] as const;

/**
 * A `transcription_config`, its deprecated members said by those that replaced them. A member said twice is refused.
 * `undefined` where there is more in it than the hub knows.
 */
export function decodeTranscription(wire: JsonValue, path: string, unknown: Unknown): TranscriptionConfig | undefined {
  const plain = isJsonObject(wire) ? withoutNulls(wire) : wire;
  const decoded = decodeUnlessUnknown(
    WireConfig,
    isJsonObject(plain) && isJsonObject(plain.mode) ? { ...plain, mode: withoutNulls(plain.mode) } : plain,
    path,
    unknown,
  );
  if (decoded === undefined) return undefined;
  const { language_hints, adaptation_phrases, diarization_mode, timestamp_granularities, ...config } = decoded;
  const older: WireConfig = { language_hints, adaptation_phrases, diarization_mode, timestamp_granularities };
  for (const [old, name] of renamed) {
    if (older[old] === undefined) continue;
    if (config[name] !== undefined) throw saidTwice(`${path}.${old}`, `${path}.${name}`);
    config[name] = older[old];
  }
  const verbatim = Object.fromEntries(
    ofVerbatim.flatMap((name) => (older[name] === undefined ? [] : [[name, older[name]]])),
  );
  if (Object.keys(verbatim).length > 0) config.mode = withVerbatim(config.mode, verbatim, path);
  return config;
}

function withVerbatim(mode: TranscriptionMode = "verbatim", older: JsonObject, path: string): TranscriptionMode {
  const said = typeof mode === "string" ? { type: mode } : mode;
  for (const name in older) {
    if (said.type !== "verbatim") {
      throw refusal(
        `'${path}.${name}' is only for the mode 'verbatim', received the mode '${said.type}'.`,
        `${path}.${name}`,
      );
    }
    if (name in said) throw saidTwice(`${path}.${name}`, `${path}.mode.${name}`);
  }
  return { ...said, ...older, type: "verbatim" };
}

function saidTwice(old: string, current: string): Error {
  return refusal(`Only one of '${old}' (deprecated) and '${current}' can be set.`, old);
}

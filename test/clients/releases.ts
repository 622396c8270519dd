import { GoogleGenAI as Release152 } from "genai-1.52";
import { GoogleGenAI as Release28 } from "genai-2.8";
import { GoogleGenAI as Release29 } from "genai-2.9";
import { GoogleGenAI as Release232 } from "genai-2.32";
import { GoogleGenAI as Release31 } from "genai-3.1";
import { type Client, speak } from "./client.ts";
import { legacyDialect } from "./legacy-client.ts";
import type { ConnectOptions } from "./official-client.ts";
import { stepsDialect } from "./steps-client.ts";

/** Every release, oldest first, for tests in which several of them meet at one server. */
export const releases = {
  "1.52": (options: ConnectOptions) => speak(new Release152(options), legacyDialect),
  "2.8": (options: ConnectOptions) => speak(new Release28(options), stepsDialect),
  "2.9": (options: ConnectOptions) => speak(new Release29(options), stepsDialect),
  "2.32": (options: ConnectOptions) => speak(new Release232(options), stepsDialect),
  "3.1": (options: ConnectOptions) => speak(new Release31(options), stepsDialect),
} as const satisfies Record<string, (options: ConnectOptions) => Client>;

export type ReleaseName = keyof typeof releases;
export const releaseNames = Object.keys(releases) as ReleaseName[];

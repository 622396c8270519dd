import { z } from "zod";
import { isJsonObject, JsonObject, type JsonValue } from "../core/json.ts";
import { AgentConfig, Labels, type Settings } from "../core/settings.ts";
import { decodeGenerationConfig } from "./decode-generation-config.ts";
import { decodeOptions, decodeUnlessUnknown } from "./decode-options.ts";
import { decodeResponseFormat } from "./decode-response-format.ts";
import { decodeTools } from "./decode-tools.ts";
import type { Unknown } from "./keep-unknown.ts";
import { arrayMember, objectMember, ownMember, stringMember, withoutNulls } from "./members.ts";
import { invalidValue } from "./refusals.ts";

const SafetySettings = z.array(
  z.strictObject({ type: z.string(), threshold: z.string(), method: z.string().optional() }),
);

const WebhookConfig = z.strictObject({ uris: z.array(z.string()).optional(), user_metadata: JsonObject.optional() });

/** A member of a request, as it came. */
export type Member = [name: string, value: JsonValue];

/**
 * The members of a request that shape one run; both revisions' forms, in the hub's words. `strangers` are members of the
 * request that the hub does not know; they are kept among those that hold more than it knows.
 */
export function decodeSettings(body: JsonObject, strangers: Member[], unknown: Unknown): Settings {
  const kept = [...strangers];
  const settings: Settings = {};
  const instruction = stringMember(body, "system_instruction", "");
  if (instruction !== undefined) settings.system_instruction = instruction;
  const tools = ownMember(body, "tools");
  if (tools !== undefined) settings.tools = decodeTools(tools, "tools", unknown);
  const generation = ownMember(body, "generation_config");
  const { config, image } = generation === undefined ? {} : decodeGenerationConfig(generation, unknown);
  if (config !== undefined) settings.generation_config = config;
  const formats = decodeResponseFormat(body, image, unknown);
  if (formats === "unknown") kept.push(["response_format", body.response_format ?? null]);
  else if (formats !== undefined) settings.response_format = formats;
  const agentConfig = objectMember(body, "agent_config", "");
  if (agentConfig !== undefined) {
    settings.agent_config = decodeOptions(AgentConfig, withoutNulls(agentConfig), "agent_config");
  }
  const tier = stringMember(body, "service_tier", "");
  if (tier !== undefined) settings.service_tier = tier;
  decodeRest(body, settings);
  decodeSafety(body, settings, kept, unknown);
  // Object.fromEntries defines members, so that one called __proto__ stays a member.
  if (kept.length > 0) settings.extra = Object.fromEntries(kept);
  return settings;
}

function decodeRest(body: JsonObject, settings: Settings): void {
  const environment = ownMember(body, "environment");
  if (environment !== undefined) {
    if (typeof environment !== "string" && !isJsonObject(environment)) {
      throw invalidValue("environment", "a string or an object", environment);
    }
    settings.environment = environment;
  }
  const labels = objectMember(body, "labels", "");
  if (labels !== undefined) settings.labels = decodeOptions(Labels, labels, "labels");
  const webhook = objectMember(body, "webhook_config", "");
  if (webhook !== undefined) {
    settings.webhook_config = decodeOptions(WebhookConfig, withoutNulls(webhook), "webhook_config") as JsonObject;
  }
}

function decodeSafety(body: JsonObject, settings: Settings, kept: Member[], unknown: Unknown): void {
  const safety = arrayMember(body, "safety_settings", "");
  if (safety === undefined) return;
  const entries = safety.map((item) => (isJsonObject(item) ? withoutNulls(item) : item));
  const decoded = decodeUnlessUnknown(SafetySettings, entries, "safety_settings", unknown);
  if (decoded === undefined) kept.push(["safety_settings", entries]);
  else settings.safety_settings = decoded as JsonObject[];
}

import { z } from "zod";
import { isJsonObject, JsonObject } from "../core/json.ts";
import { AgentConfig, Labels, type Settings } from "../core/settings.ts";
import { decodeGenerationConfig } from "./decode-generation-config.ts";
import { decodeOptions } from "./decode-options.ts";
import { decodeResponseFormat } from "./decode-response-format.ts";
import { decodeTools } from "./decode-tools.ts";
import { arrayMember, objectMember, ownMember, stringMember, withoutNulls } from "./members.ts";
import { invalidValue } from "./refusals.ts";

const SafetySettings = z.array(
  z.strictObject({ type: z.string(), threshold: z.string(), method: z.string().optional() }),
);

const WebhookConfig = z.strictObject({ uris: z.array(z.string()).optional(), user_metadata: JsonObject.optional() });

/** The members of a request that shape one run; both revisions' forms, in the hub's words. */
export function decodeSettings(body: JsonObject): Settings {
  const settings: Settings = {};
  const instruction = stringMember(body, "system_instruction", "");
  if (instruction !== undefined) settings.system_instruction = instruction;
  const tools = ownMember(body, "tools");
  if (tools !== undefined) settings.tools = decodeTools(tools, "tools");
  const generation = ownMember(body, "generation_config");
  const { config, image } = generation === undefined ? {} : decodeGenerationConfig(generation);
  if (config !== undefined) settings.generation_config = config;
  const formats = decodeResponseFormat(body, image);
  if (formats !== undefined) settings.response_format = formats;
  const agentConfig = objectMember(body, "agent_config", "");
  if (agentConfig !== undefined) {
    settings.agent_config = decodeOptions(AgentConfig, withoutNulls(agentConfig), "agent_config");
  }
  const tier = stringMember(body, "service_tier", "");
  if (tier !== undefined) settings.service_tier = tier;
  decodeRest(body, settings);
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
  const safety = arrayMember(body, "safety_settings", "");
  if (safety !== undefined) {
    const entries = safety.map((item) => (isJsonObject(item) ? withoutNulls(item) : item));
    settings.safety_settings = decodeOptions(SafetySettings, entries, "safety_settings") as JsonObject[];
  }
  const webhook = objectMember(body, "webhook_config", "");
  if (webhook !== undefined) {
    settings.webhook_config = decodeOptions(WebhookConfig, withoutNulls(webhook), "webhook_config") as JsonObject;
  }
}

import type { Revision } from "../core/interaction.ts";
import type { JsonObject } from "../core/json.ts";
import type { GenerationConfig, ResponseFormat, Settings } from "../core/settings.ts";
import { withoutSecrets } from "../core/without-secrets.ts";
import { withExtra } from "./encode-content.ts";
import { encodeShownTool, encodeTool } from "./encode-tool.ts";

/**
 * The settings of a request as a read gives them back, under the wire's names. `service_tier` is not among them: every
 * reply has it in a place of its own. Secrets that a request carried for the run are not given back. The legacy revision
 * has no words for `labels`, `environment` and `safety_settings`, and there `generation_config` could only be written.
 */
export function encodeSettings(settings: Settings, revision: Revision): JsonObject {
  // Those of today are stored without; files of earlier versions may still hold them.
  const {
    system_instruction,
    agent_config,
    tools,
    response_format,
    environment,
    service_tier: _tier,
    generation_config,
    extra,
    ...newer
  } = withoutSecrets(settings);
  const shown = tools?.map((tool) => encodeShownTool(tool, revision)).filter((tool) => tool !== undefined);
  const shared = present({
    system_instruction,
    agent_config,
    tools: shown?.length === 0 && tools?.length !== 0 ? undefined : shown,
  });
  if (revision === "legacy") return { ...shared, ...encodeLegacyFormats(response_format ?? []) };
  const known = {
    ...shared,
    ...present({
      ...newer,
      generation_config: generation_config && encodeGenerationConfig(generation_config),
      environment,
      response_format: response_format && encodeFormats(response_format),
    }),
  };
  return withExtra(known, extra);
}

/** The members of a request that shape one run, under the names of the steps revision: whole, for an upstream that speaks it. */
export function encodeRequestSettings(settings: Settings): JsonObject {
  const { tools, generation_config, response_format, extra, ...members } = settings;
  const known = present({
    ...members,
    tools: tools?.map(encodeTool),
    generation_config: generation_config && encodeGenerationConfig(generation_config),
    response_format: response_format && encodeFormats(response_format),
  });
  return withExtra(known, extra);
}

function encodeGenerationConfig({ extra, ...config }: GenerationConfig): JsonObject {
  return withExtra(config as JsonObject, extra);
}

/** The members that are set. */
function present(members: Record<string, unknown>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as JsonObject;
}

/** A single format stands alone, as clients usually write it. */
function encodeFormats(formats: ResponseFormat[]): JsonObject | JsonObject[] {
  const [first, ...others] = formats as JsonObject[];
  return first !== undefined && others.length === 0 ? first : (formats as JsonObject[]);
}

/** The legacy members that say what `response_format` says; a format's details that none of them has are left out. */
function encodeLegacyFormats(formats: ResponseFormat[]): JsonObject {
  const encoded: JsonObject = {};
  for (const format of formats) {
    if (format.type !== "text") continue;
    if (format.schema !== undefined) encoded.response_format = format.schema;
    if (format.mime_type !== undefined) encoded.response_mime_type = format.mime_type;
    else if (format.schema !== undefined) encoded.response_mime_type = "application/json";
  }
  if (formats.some((format) => format.type !== "text")) {
    encoded.response_modalities = [...new Set(formats.map((format) => format.type))];
  }
  return encoded;
}

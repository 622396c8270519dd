import { isMedia } from "../../../schema/core/content.ts";
import { formatPath } from "../../../schema/core/format-path.ts";
import type { JsonObject } from "../../../schema/core/json.ts";
import type { GenerationConfig, ResponseFormat, Settings } from "../../../schema/core/settings.ts";
import { shortened } from "../../../schema/core/shortened.ts";
import type { Tool } from "../../../schema/core/tool.ts";
import type { ModelCall, Refusal } from "../../../schema/provider.ts";
import { firstOf } from "../first-of.ts";
import { isOpenai } from "../openai/client.ts";
import { normaliseSchema } from "../openai/json-schema.ts";
import { refuseMedia } from "../openai/media-parts.ts";
import { contentPath, contentsOf } from "../step-contents.ts";
import type { UpstreamSettings } from "../upstream-settings.ts";
import { mediaObstacle } from "./media-part.ts";

type Call = Omit<ModelCall, "history">;
type Target = Pick<UpstreamSettings, "name" | "base_url">;
type Finding = Refusal | undefined;

/** OpenAI's own limit; other servers have none. */
const MOST_STOPS = 4;

/** What chat completions cannot honour in a call, with the member at fault. */
export function refuse(call: Call, target: Target): Finding {
  const { settings } = call;
  const who = `The upstream '${target.name}'`;
  return (
    refuseAgent(call, who) ??
    refuseMembers(settings, who) ??
    refuseGeneration(settings.generation_config ?? {}, target, who) ??
    firstOf(settings.tools ?? [], (tool, index) => refuseTool(tool, index, who)) ??
    refuseChoice(settings) ??
    refuseFormats(settings.response_format ?? [], target, who) ??
    refuseInput(call, target, who)
  );
}

function refuseAgent({ agent }: Call, who: string): Finding {
  return agent === undefined ? undefined : { field: "agent", message: `${who} has no agents: name a model.` };
}

const absentMembers = {
  agent_config: "has no agents",
  environment: "has no environments",
  safety_settings: "has no safety filters to set",
  webhook_config: "calls no webhooks",
} as const satisfies Partial<Record<keyof Settings, string>>;

function refuseMembers(settings: Settings, who: string): Finding {
  return refuseAbsent(settings, absentMembers, "", who) ?? refuseUnknown(settings.extra, "", who);
}

const absentConfig = {
  speech_config: "makes no speech",
  transcription_config: "transcribes nothing",
  video_config: "makes no video",
} as const satisfies Partial<Record<keyof GenerationConfig, string>>;

function refuseGeneration(config: GenerationConfig, target: Target, who: string): Finding {
  const field = "generation_config";
  const stops = config.stop_sequences?.length ?? 0;
  if (isOpenai(target) && stops > MOST_STOPS)
    return { field: `${field}.stop_sequences`, message: `${who} takes at most ${MOST_STOPS} stop sequences.` };
  return refuseAbsent(config, absentConfig, `${field}.`, who) ?? refuseUnknown(config.extra, `${field}.`, who);
}

function refuseAbsent<T extends object>(
  members: T,
  absent: { readonly [name in keyof T]?: string },
  path: string,
  who: string,
): Finding {
  return firstOf(Object.entries<string>(absent as Record<string, string>), ([name, what]) =>
    members[name as keyof T] === undefined ? undefined : { field: `${path}${name}`, message: `${who} ${what}.` },
  );
}

function refuseUnknown(extra: JsonObject | undefined, path: string, who: string): Finding {
  const [name] = Object.keys(extra ?? {});
  if (name === undefined) return undefined;
  return { field: `${path}${shortened(name)}`, message: `${who} knows no '${shortened(name)}'.` };
}

function refuseTool(tool: Tool, index: number, who: string): Finding {
  switch (tool.type) {
    case "function":
    // The hub runs the tools of these servers itself, and offers them as functions.
    case "mcp_server":
      return undefined;
    case "google_search":
    case "code_execution":
    case "file_search":
      return {
        field: `tools[${index}]`,
        message: `${who} has no tool '${tool.type}'. An upstream of the kind openai-responses or gemini may have it.`,
      };
    case "url_context":
    case "google_maps":
    case "computer_use":
    case "retrieval":
      return {
        field: `tools[${index}]`,
        message: `${who} has no tool '${tool.type}'. An upstream of the kind gemini may have it.`,
      };
    case "other":
      return { field: `tools[${index}]`, message: `${who} has no tool '${shortened(String(tool.raw.type))}'.` };
    default:
      return tool satisfies never;
  }
}

function refuseChoice({ tools = [], generation_config }: Settings): Finding {
  const choice = generation_config?.tool_choice;
  const field = "generation_config.tool_choice";
  // The names of what an MCP server offers are not known yet.
  if (choice === undefined || tools.some((tool) => tool.type === "mcp_server")) return undefined;
  const names = new Set(tools.flatMap((tool) => (tool.type === "function" ? [tool.name] : [])));
  const allowed = typeof choice === "object" ? choice.allowed_tools : { mode: choice };
  const undeclared = firstOf(allowed.tools ?? [], (name, index) =>
    names.has(name)
      ? undefined
      : {
          field: `${field}.allowed_tools.tools[${index}]`,
          message: `No function '${shortened(name)}' is declared in tools.`,
        },
  );
  const isEmpty = (allowed.tools ?? [...names]).length === 0;
  return (
    undeclared ??
    (allowed.mode === "any" && isEmpty
      ? { field, message: "A call is demanded, but no function may be called." }
      : undefined)
  );
}

function refuseFormats(formats: readonly ResponseFormat[], target: Target, who: string): Finding {
  const wrong = firstOf(formats, (format, index) => refuseFormat(format, formatPath(formats, index), target, who));
  if (wrong !== undefined || formats.length < 2) return wrong;
  return { field: "response_format[1]", message: `${who} answers in one format only.` };
}

function refuseFormat(format: ResponseFormat, path: string, target: Target, who: string): Finding {
  if (format.type !== "text")
    return { field: path, message: `${who} answers with text only, not with '${format.type}'.` };
  const { mime_type: mimeType, schema } = format;
  if (mimeType !== undefined && mimeType !== "application/json" && mimeType !== "text/plain")
    return { field: `${path}.mime_type`, message: `${who} writes text/plain and application/json, not '${mimeType}'.` };
  if (schema !== undefined && isOpenai(target) && normaliseSchema(schema).type !== "object")
    return { field: `${path}.schema`, message: `${who} takes only a schema whose type is 'object'.` };
  return undefined;
}

function refuseInput({ input }: Call, target: Target, who: string): Finding {
  return firstOf(input, (step, index) =>
    firstOf(contentsOf(step), (content, place): Finding => {
      const path = contentPath(step, `input[${index}]`, place);
      if (content.type === "text") return undefined;
      if (!isMedia(content))
        return { field: path, message: `${who} takes no content of type '${shortened(String(content.raw.type))}'.` };
      const obstacle = mediaObstacle(content, isOpenai(target));
      const refused = { field: `${path}.mime_type`, message: `${who} ${obstacle}.` };
      return refuseMedia(target.name, content, path) ?? (obstacle === undefined ? undefined : refused);
    }),
  );
}

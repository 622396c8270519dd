import { isMedia } from "../../../schema/core/content.ts";
import { formatPath } from "../../../schema/core/format-path.ts";
import type { GenerationConfig, ResponseFormat, Settings } from "../../../schema/core/settings.ts";
import { shortened } from "../../../schema/core/shortened.ts";
import type { Tool } from "../../../schema/core/tool.ts";
import type { ModelCall, Refusal } from "../../../schema/provider.ts";
import { firstOf } from "../first-of.ts";
import { contentPath, contentsOf } from "../step-contents.ts";
import type { Feature } from "../support.ts";
import { generateContentSupport } from "./support.ts";
import { choiceOf } from "./tools.ts";

type Call = Omit<ModelCall, "history">;

const tiers = ["flex", "standard", "priority"];
const searchTypes = ["web_search", "image_search"];

/** What `generateContent` cannot honour in a call, with the member at fault. */
export function refuseCall(call: Call, upstream: string): Refusal | undefined {
  const { settings } = call;
  const refuse = refusing(upstream);
  const formats = settings.response_format ?? [];
  return (
    refuseMembers(call, refuse) ??
    refuseUnknown(settings, refuse) ??
    firstOf(settings.tools ?? [], (tool, index) => refuseTool(tool, `tools[${index}]`, refuse)) ??
    refuseChoice(settings, refuse) ??
    refuseGeneration(settings.generation_config ?? {}, refuse) ??
    firstOf(formats, (format, index) => refuseFormat(formats, format, index, refuse)) ??
    refuseContents(call, refuse)
  );
}

type Refuse = {
  /** Refuses a feature that the table of support says is refused. */
  feature(feature: Feature, field: string): Refusal;
  because(field: string, reason: string): Refusal;
};

function refusing(upstream: string): Refuse {
  const because = (field: string, reason: string): Refusal => ({
    field,
    message: `The upstream '${upstream}' ${reason}`,
  });
  return {
    because,
    feature: (feature, field) =>
      because(field, `cannot honour this: ${generateContentSupport[feature].replace(/^refused: /, "")}.`),
  };
}

/** The model's name stands in the path of the request, in which it must not lead elsewhere. */
const modelName = /^\w(?:\.?[\w-])*(?:\/\w(?:\.?[\w-])*)*$/;

function refuseMembers({ agent, model, settings }: Call, { feature, because }: Refuse): Refusal | undefined {
  if (agent !== undefined) return feature("agent", "agent");
  if (model !== undefined && !modelName.test(model)) return because("model", `has no model '${shortened(model)}'.`);
  for (const member of ["agent_config", "environment", "webhook_config"] as const)
    if (settings[member] !== undefined) return feature(member, member);
  const { service_tier: tier } = settings;
  if (tier !== undefined && !tiers.includes(tier))
    return because("service_tier", `has no tier '${shortened(tier)}'. It has: ${tiers.join(", ")}.`);
  return firstOf(settings.safety_settings ?? [], ({ method }, index) =>
    method === undefined
      ? undefined
      : because(`safety_settings[${index}].method`, "takes no method; it goes by the probability of harm."),
  );
}

function refuseUnknown({ extra, generation_config: config }: Settings, { feature }: Refuse): Refusal | undefined {
  const [member] = Object.keys(extra ?? {});
  if (member !== undefined) return feature("unknown members", member);
  const [inner] = Object.keys(config?.extra ?? {});
  return inner === undefined ? undefined : feature("unknown members", `generation_config.${inner}`);
}

function refuseTool(tool: Tool, field: string, { feature, because }: Refuse): Refusal | undefined {
  switch (tool.type) {
    case "google_search":
      return firstOf(tool.search_types ?? [], (type, index) =>
        searchTypes.includes(type)
          ? undefined
          : because(
              `${field}.search_types[${index}]`,
              `has no '${shortened(type)}' here. It has: ${searchTypes.join(", ")}.`,
            ),
      );
    case "file_search":
      if ((tool.file_search_store_names ?? []).length > 0) return undefined;
      return because(`${field}.file_search_store_names`, "must be told in which stores to search.");
    case "retrieval":
      return feature("tools: retrieval", field);
    case "other":
      return feature("tools: unknown", field);
    case "function":
    case "code_execution":
    case "url_context":
    case "google_maps":
    case "mcp_server":
    case "computer_use":
      return undefined;
    default:
      return tool satisfies never;
  }
}

/** The tools of an MCP server are not known yet, so any name may be one of theirs. */
function refuseChoice({ tools = [], generation_config: config }: Settings, { because }: Refuse): Refusal | undefined {
  const { mode, names } = choiceOf(config?.tool_choice);
  const field = "generation_config.tool_choice";
  const isOpen = tools.some((tool) => tool.type === "mcp_server" || tool.type === "computer_use");
  if (isOpen) return undefined;
  const declared = new Set(tools.flatMap((tool) => (tool.type === "function" ? [tool.name] : [])));
  const wrong = firstOf(names ?? [], (name, index) =>
    declared.has(name)
      ? undefined
      : because(`${field}.allowed_tools.tools[${index}]`, `is given no function '${shortened(name)}' in tools.`),
  );
  if (wrong !== undefined || mode !== "any" || (names?.length ?? declared.size) > 0) return wrong;
  return because(field, "cannot be made to call a function where there is none.");
}

function refuseGeneration(config: GenerationConfig, { feature, because }: Refuse): Refusal | undefined {
  if (config.video_config !== undefined)
    return feature("generation_config.video_config", "generation_config.video_config");
  const mode = config.transcription_config?.mode;
  if (typeof mode !== "object" || mode.type !== "verbatim") return undefined;
  const field = "generation_config.transcription_config.mode";
  if (mode.diarization_mode !== undefined && mode.diarization_mode !== "speaker")
    return because(`${field}.diarization_mode`, "tells voices apart by 'speaker' only.");
  return firstOf(mode.timestamp_granularities ?? [], (granularity, index) =>
    granularity === "word"
      ? undefined
      : because(`${field}.timestamp_granularities[${index}]`, "tells the time of each 'word' only."),
  );
}

function refuseFormat(
  formats: readonly ResponseFormat[],
  format: ResponseFormat,
  index: number,
  { feature, because }: Refuse,
): Refusal | undefined {
  const field = formatPath(formats, index);
  if (format.type === "video") return feature("response_format: video", field);
  if (formats.findIndex((other) => other.type === format.type) !== index)
    return because(field, `takes one format of the type '${format.type}'.`);
  if (format.type === "text" || format.delivery === undefined || format.delivery === "inline") return undefined;
  return because(`${field}.delivery`, "delivers inline only.");
}

function refuseContents({ input }: Call, { feature }: Refuse): Refusal | undefined {
  return firstOf(input, (step, index) =>
    firstOf(contentsOf(step), (content, place) =>
      content.type === "text" || isMedia(content)
        ? undefined
        : feature("content: unknown", contentPath(step, `input[${index}]`, place)),
    ),
  );
}

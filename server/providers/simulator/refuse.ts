import { formatPath } from "../../../schema/core/format-path.ts";
import type { AgentConfig, GenerationConfig, Settings } from "../../../schema/core/settings.ts";
import { shortened } from "../../../schema/core/shortened.ts";
import type { Tool } from "../../../schema/core/tool.ts";
import type { ModelCall, Refusal } from "../../../schema/provider.ts";
import { firstOf } from "../first-of.ts";
import { agentKindOf, defaultOutputOf } from "./models.ts";
import { refuseFormat } from "./refuse-format.ts";

type Call = Omit<ModelCall, "history">;
type AgentKind = NonNullable<ReturnType<typeof agentKindOf>>;

/** What the simulator cannot honour in a call, with the member at fault. JSON schemas are judged when the call runs. */
export function refuse(call: Call): Refusal | undefined {
  const { settings } = call;
  return (
    refuseAnywhere(settings) ??
    firstOf(settings.tools ?? [], refuseTool) ??
    refuseChoice(settings.generation_config, settings.tools ?? []) ??
    (call.agent === undefined ? refuseForModel(call.model ?? "", settings) : refuseForAgent(call.agent, settings))
  );
}

function refuseAnywhere(settings: Settings): Refusal | undefined {
  if (settings.environment !== undefined)
    return { field: "environment", message: "'environment' is not supported: the simulator has none." };
  if (settings.safety_settings !== undefined)
    return { field: "safety_settings", message: "The simulator has no safety filters to set." };
  if (settings.webhook_config !== undefined)
    return { field: "webhook_config", message: "The simulator calls no webhooks." };
  return undefined;
}

function refuseTool(tool: Tool, index: number): Refusal | undefined {
  switch (tool.type) {
    case "google_search":
      return firstOf(tool.search_types ?? [], (type, place) =>
        type === "web_search"
          ? undefined
          : {
              field: `tools[${index}].search_types[${place}]`,
              message: `The simulator plays no '${shortened(type)}'. It plays: web_search.`,
            },
      );
    case "function":
    case "url_context":
    case "code_execution":
    // The hub reaches the server; when the simulator plays, its tools stand there as functions.
    case "mcp_server":
      return undefined;
    case "google_maps":
    case "file_search":
    case "computer_use":
    case "retrieval":
    case "other":
      return {
        field: `tools[${index}]`,
        message: `The simulator does not play the tool '${tool.type}'. It plays: function, google_search, url_context, code_execution, mcp_server.`,
      };
    default:
      return tool satisfies never;
  }
}

function refuseChoice(config: GenerationConfig | undefined, tools: readonly Tool[]): Refusal | undefined {
  const choice = config?.tool_choice;
  if (choice === undefined) return undefined;
  // Which names a server brings is known when it has been asked; then the hub asks once more whether the call can be honoured.
  if (tools.some((tool) => tool.type === "mcp_server")) return undefined;
  const field = "generation_config.tool_choice";
  const names = new Set(tools.flatMap((tool) => (tool.type === "function" ? [tool.name] : [])));
  if (typeof choice === "object") {
    return (
      firstOf(choice.allowed_tools.tools ?? [], (name, index) =>
        names.has(name)
          ? undefined
          : {
              field: `${field}.allowed_tools.tools[${index}]`,
              message: `No function '${shortened(name)}' is declared in tools.`,
            },
      ) ??
      (choice.allowed_tools.mode === "any"
        ? demandsNothing(`${field}.allowed_tools`, choice.allowed_tools.tools ?? [...names])
        : undefined)
    );
  }
  return choice === "any" ? demandsNothing(field, [...names]) : undefined;
}

function demandsNothing(field: string, names: readonly string[]): Refusal | undefined {
  return names.length > 0 ? undefined : { field, message: "A call is demanded, but no function may be called." };
}

function refuseForModel(model: string, settings: Settings): Refusal | undefined {
  if (settings.agent_config !== undefined)
    return { field: "agent_config", message: "Only agents take an agent_config." };
  if (settings.system_instruction !== undefined && defaultOutputOf(model) === "audio") {
    return { field: "system_instruction", message: `The model '${model}' takes no system instruction.` };
  }
  const formats = settings.response_format ?? [];
  return (
    refuseGeneration(settings.generation_config ?? {}, putsOutAudio(model, settings)) ??
    firstOf(formats, (format, index) => refuseFormat(format, formatPath(formats, index)))
  );
}

function refuseGeneration(config: GenerationConfig, audio: boolean): Refusal | undefined {
  if (config.transcription_config !== undefined)
    return { field: "generation_config.transcription_config", message: "The simulator transcribes nothing." };
  if (config.video_config !== undefined)
    return { field: "generation_config.video_config", message: "The simulator makes no video." };
  if (config.speech_config !== undefined && !audio) {
    return {
      field: "generation_config.speech_config",
      message: "No audio is asked for: add a format of type 'audio' to response_format.",
    };
  }
  return undefined;
}

function putsOutAudio(model: string, { response_format: formats }: Settings): boolean {
  return formats === undefined ? defaultOutputOf(model) === "audio" : formats.some((format) => format.type === "audio");
}

function refuseForAgent(agent: string, settings: Settings): Refusal | undefined {
  const kind = agentKindOf(agent);
  if (kind === undefined) return undefined;
  if (settings.generation_config !== undefined)
    return { field: "generation_config", message: "Agents take an agent_config instead." };
  if (settings.response_format !== undefined)
    return { field: "response_format", message: `The agent '${agent}' chooses its own format.` };
  const wrong = settings.agent_config === undefined ? undefined : refuseAgentConfig(settings.agent_config, kind);
  if (wrong !== undefined || kind === "antigravity") return wrong;
  if (settings.system_instruction !== undefined) {
    return { field: "system_instruction", message: `The agent '${agent}' takes no system instruction.` };
  }
  return firstOf(settings.tools ?? [], (tool, index) => {
    if (tool.type !== "function" && tool.type !== "mcp_server") return undefined;
    const whose = tool.type === "function" ? "functions of the client" : "tools of MCP servers";
    return { field: `tools[${index}]`, message: `The agent '${agent}' calls no ${whose}.` };
  });
}

const agentMembers = {
  "deep-research": {
    thinking_summaries: { fits: (value: unknown) => value === "auto" || value === "none", wants: "'auto' or 'none'" },
    visualization: { fits: (value: unknown) => value === "auto" || value === "off", wants: "'auto' or 'off'" },
    collaborative_planning: { fits: (value: unknown) => typeof value === "boolean", wants: "true or false" },
    enable_bigquery_tool: { fits: (value: unknown) => value === false, wants: "false: the simulator has no BigQuery" },
  },
  antigravity: {
    model: { fits: (value: unknown) => typeof value === "string", wants: "a model's name" },
    max_total_tokens: {
      fits: (value: unknown) => Number.isSafeInteger(Number(value)) && Number(value) > 0,
      wants: "a whole number above 0",
    },
  },
} as const satisfies Record<AgentKind, Record<string, { fits: (value: unknown) => boolean; wants: string }>>;

function refuseAgentConfig(config: AgentConfig, kind: AgentKind): Refusal | undefined {
  if (config.type !== kind)
    return {
      field: "agent_config.type",
      message: `Must be '${kind}' for this agent, not '${shortened(config.type)}'.`,
    };
  const members = new Map(Object.entries(agentMembers[kind]));
  return firstOf(Object.entries(config), ([name, value]) => {
    const member = members.get(name);
    if (name === "type" || value === undefined) return undefined;
    if (member === undefined)
      return {
        field: `agent_config.${name}`,
        message: `No member of '${kind}': it has ${[...members.keys()].join(", ")}.`,
      };
    return member.fits(value) ? undefined : { field: `agent_config.${name}`, message: `Must be ${member.wants}.` };
  });
}

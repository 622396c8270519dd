import type { OpenAI } from "openai";
import type { Degradation } from "../../../schema/core/degradation.ts";
import type { Settings } from "../../../schema/core/settings.ts";
import type { FunctionTool, Tool, ToolChoice } from "../../../schema/core/tool.ts";
import type { FunctionNames } from "../openai/function-names.ts";
import { parametersSchema, qualifiesForStrict } from "../openai/json-schema.ts";
import { imageTool } from "./image-tool.ts";
import type { HostedTool } from "./unconfirmed-tools.ts";
import type { RequestBody } from "./wire.ts";

type WireTool = OpenAI.Responses.Tool;

/** The members of a request that say which tools there are and how they may be used. */
export type ToolMembers = Pick<RequestBody, "tools" | "tool_choice"> & {
  /** What the upstream's own tools are to tell. */
  include: OpenAI.Responses.ResponseIncludable[];
  /** The upstream's own tools. */
  hosted: HostedTool[];
};

/** What was changed is added to `degradations`. */
export function toolMembers(settings: Settings, names: FunctionNames, degradations: Degradation[]): ToolMembers {
  const formats = settings.response_format ?? [];
  const offered = settings.tools ?? [];
  const tools: WireTool[] = [];
  const hosted: HostedTool[] = [];
  const offer = (tool: WireTool, field: string): void => {
    tools.push(tool);
    if (tool.type !== "function") hosted.push({ type: tool.type, field });
  };
  for (const [index, tool] of offered.entries()) {
    const field = `tools[${index}]`;
    for (const wire of wireTool(tool, field, names, degradations)) offer(wire, field);
  }
  const image = imageTool(formats, degradations);
  if (image !== undefined) offer(image, "response_format");
  const include = offered.flatMap(({ type }) => results[type] ?? []);
  // An image is demanded, not only offered, where it is all that the answer may be.
  const isImageOnly = formats.length > 0 && formats.every(({ type }) => type === "image");
  const choice =
    isImageOnly && offered.length === 0
      ? ({ type: "image_generation" } as const)
      : wireChoice(settings.generation_config?.tool_choice, offered, names, degradations);
  return {
    include,
    hosted,
    ...(tools.length === 0 ? {} : { tools }),
    ...(choice === undefined ? {} : { tool_choice: choice }),
  };
}

/** What the upstream's tools find is only told where it is asked for. */
const results: Partial<Record<Tool["type"], OpenAI.Responses.ResponseIncludable>> = {
  google_search: "web_search_call.action.sources",
  code_execution: "code_interpreter_call.outputs",
  file_search: "file_search_call.results",
};

function wireTool(tool: Tool, path: string, names: FunctionNames, degradations: Degradation[]): WireTool[] {
  switch (tool.type) {
    case "function":
      return [wireFunction(tool, path, names, degradations)];
    case "google_search":
      return [{ type: "web_search" }];
    case "code_execution":
      return [{ type: "code_interpreter", container: { type: "auto" } }];
    case "file_search": {
      const { file_search_store_names: stores = [], top_k: most } = tool;
      const limit = most === undefined ? {} : { max_num_results: most };
      return [{ type: "file_search", vector_store_ids: stores, ...limit }];
    }
    // The hub runs these itself, and `refuse` has kept out the rest.
    case "mcp_server":
    case "url_context":
    case "google_maps":
    case "computer_use":
    case "retrieval":
    case "other":
      return [];
    default:
      return tool satisfies never;
  }
}

/**
 * `strict` holds a model to the schema, but only a schema of a narrow kind; unless it is turned off, the API changes other
 * schemas until they are of that kind.
 */
function wireFunction(tool: FunctionTool, path: string, names: FunctionNames, degradations: Degradation[]): WireTool {
  const parameters = parametersSchema(tool.parameters);
  const description = tool.description ?? tool.short_description;
  if (tool.defer_loading === true)
    degradations.push({
      field: `${path}.defer_loading`,
      message: "The function is known to the model from the start.",
    });
  return {
    type: "function",
    name: names.toWire(tool.name),
    ...(description === undefined ? {} : { description }),
    parameters,
    strict: qualifiesForStrict(parameters),
  };
}

function wireChoice(
  choice: ToolChoice | undefined,
  offered: readonly Tool[],
  names: FunctionNames,
  degradations: Degradation[],
): RequestBody["tool_choice"] {
  if (choice === undefined || offered.length === 0) return undefined;
  if (typeof choice === "string") return wireMode(choice, degradations);
  const { mode = "auto", tools: allowed } = choice.allowed_tools;
  const wanted = wireMode(mode, degradations);
  if (allowed === undefined || wanted === "none") return wanted;
  const tools = allowed.map((name) => ({ type: "function", name: names.toWire(name) }));
  return { type: "allowed_tools", mode: wanted, tools };
}

function wireMode(mode: Extract<ToolChoice, string>, degradations: Degradation[]): "auto" | "none" | "required" {
  switch (mode) {
    case "auto":
    case "none":
      return mode;
    case "any":
      return "required";
    case "validated":
      degradations.push({
        field: "generation_config.tool_choice",
        message: "The Responses API has no 'validated'; the model was left its choice ('auto').",
      });
      return "auto";
    default:
      return mode satisfies never;
  }
}

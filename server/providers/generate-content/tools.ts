import type { Degradation } from "../../../schema/core/degradation.ts";
import type { JsonObject } from "../../../schema/core/json.ts";
import type { Settings } from "../../../schema/core/settings.ts";
import type { FunctionTool, Tool, ToolChoice } from "../../../schema/core/tool.ts";
import { plainSchema } from "../plain-schema.ts";
import type { PartContext } from "./media-part.ts";
import type { WireContent, WireFunctionDeclaration, WireTool, WireToolConfig } from "./wire.ts";

/** How the model may use its functions, in one form. */
export type Choice = { mode: "auto" | "any" | "none" | "validated"; names?: readonly string[] };

/** The choice of a request; without one, the model is free. */
export function choiceOf(choice: ToolChoice | undefined): Choice {
  if (choice === undefined) return { mode: "auto" };
  if (typeof choice === "string") return { mode: choice };
  const { mode = "auto", tools: names } = choice.allowed_tools;
  return names === undefined ? { mode } : { mode, names };
}

/** The tools of a request and how they may be used. */
export function toTools(
  settings: Settings,
  contents: readonly WireContent[],
  { upstream, traits, degradations }: PartContext,
): { tools?: WireTool[]; toolConfig?: WireToolConfig } {
  const offered = settings.tools ?? [];
  const choice = choiceOf(settings.generation_config?.tool_choice);
  const declarations = offered.flatMap((tool, index) =>
    tool.type === "function" ? [declarationOf(tool, `tools[${index}]`, upstream, degradations)] : [],
  );
  // Only functions can be offered and forbidden at once. The others are not offered, which comes to the same.
  const hosted = choice.mode === "none" ? [] : offered.flatMap(hostedTool);
  const tools = [...(declarations.length === 0 ? [] : [{ functionDeclarations: declarations }]), ...hosted];
  const isCallable = declarations.length > 0 || hosted.some((tool) => tool.computerUse !== undefined);

  const toolConfig: WireToolConfig = {};
  if (isCallable && settings.generation_config?.tool_choice !== undefined)
    toolConfig.functionCallingConfig = callingConfig(choice);
  const location = choice.mode === "none" ? undefined : locationOf(offered);
  if (location !== undefined) toolConfig.retrievalConfig = location;
  const isTold = hosted.some(tellsOfCalls);
  // With functions beside them it is required; else it lets the calls be told when they happen, and signed.
  if (hasServerTools(contents) || (isTold && traits.isModern && (isCallable || traits.tellsOfTools)))
    toolConfig.includeServerSideToolInvocations = true;

  return {
    ...(tools.length === 0 ? {} : { tools }),
    ...(Object.keys(toolConfig).length === 0 ? {} : { toolConfig }),
  };
}

function declarationOf(
  tool: FunctionTool,
  place: string,
  upstream: string,
  degradations: Degradation[],
): WireFunctionDeclaration {
  const leaveOut = (member: string, why: string): void => {
    degradations.push({ field: `${place}.${member}`, message: `The upstream '${upstream}' ${why}` });
  };
  if (tool.short_description !== undefined) leaveOut("short_description", "takes one description, so it was left out.");
  if (tool.defer_loading === true) leaveOut("defer_loading", "gets to know all functions at once.");
  const declaration: WireFunctionDeclaration = { name: tool.name };
  if (tool.description !== undefined) declaration.description = tool.description;
  if (tool.parameters !== undefined) declaration.parametersJsonSchema = plainSchema(tool.parameters);
  return declaration;
}

/** Google's own tools. What is refused before a call never comes here. */
function hostedTool(tool: Tool): WireTool[] {
  switch (tool.type) {
    case "google_search": {
      const types = tool.search_types;
      const searchTypes = {
        ...(types?.includes("web_search") ? { webSearch: {} } : {}),
        ...(types?.includes("image_search") ? { imageSearch: {} } : {}),
      };
      return [{ googleSearch: types === undefined ? {} : { searchTypes } }];
    }
    case "code_execution":
      return [{ codeExecution: {} }];
    case "url_context":
      return [{ urlContext: {} }];
    case "google_maps":
      return [{ googleMaps: tool.enable_widget === undefined ? {} : { enableWidget: tool.enable_widget } }];
    case "file_search": {
      const { file_search_store_names: fileSearchStoreNames = [], metadata_filter, top_k } = tool;
      const filter = metadata_filter === undefined ? {} : { metadataFilter: metadata_filter };
      return [{ fileSearch: { fileSearchStoreNames, ...filter, ...(top_k === undefined ? {} : { topK: top_k }) } }];
    }
    case "computer_use":
      return [{ computerUse: computerUse(tool) }];
    case "function":
    case "mcp_server":
    case "retrieval":
    case "other":
      return [];
    default:
      return tool satisfies never;
  }
}

function computerUse(tool: Extract<Tool, { type: "computer_use" }>): JsonObject {
  const { excluded_predefined_functions, enable_prompt_injection_detection, disabled_safety_policies } = tool;
  const members: JsonObject = { environment: `ENVIRONMENT_${(tool.environment ?? "browser").toUpperCase()}` };
  if (excluded_predefined_functions !== undefined) members.excludedPredefinedFunctions = excluded_predefined_functions;
  if (enable_prompt_injection_detection !== undefined)
    members.enablePromptInjectionDetection = enable_prompt_injection_detection;
  if (disabled_safety_policies !== undefined)
    members.disabledSafetyPolicies = disabled_safety_policies.map((policy) => policy.toUpperCase());
  return members;
}

/** Names are only taken in the modes that bind the model; `validated` leaves it the choice that `auto` gives. */
function callingConfig({ mode, names }: Choice): NonNullable<WireToolConfig["functionCallingConfig"]> {
  if (names === undefined || mode === "none") return { mode: mode.toUpperCase() };
  return { mode: mode === "any" ? "ANY" : "VALIDATED", allowedFunctionNames: [...names] };
}

function locationOf(tools: readonly Tool[]): WireToolConfig["retrievalConfig"] {
  const maps = tools.find((tool) => tool.type === "google_maps");
  if (maps?.latitude === undefined && maps?.longitude === undefined) return undefined;
  return {
    latLng: {
      ...(maps.latitude === undefined ? {} : { latitude: maps.latitude }),
      ...(maps.longitude === undefined ? {} : { longitude: maps.longitude }),
    },
  };
}

/** Code that is run has parts of its own, which are always told. */
function tellsOfCalls(tool: WireTool): boolean {
  return [tool.googleSearch, tool.urlContext, tool.googleMaps, tool.fileSearch].some((each) => each !== undefined);
}

function hasServerTools(contents: readonly WireContent[]): boolean {
  return contents.some(({ parts }) =>
    parts.some((part) => part.toolCall !== undefined || part.toolResponse !== undefined),
  );
}

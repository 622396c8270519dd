import type { Degradation } from "../../../schema/core/degradation.ts";
import type { Settings } from "../../../schema/core/settings.ts";
import type { FunctionTool, ToolChoice } from "../../../schema/core/tool.ts";
import type { FunctionNames } from "../openai/function-names.ts";
import { parametersSchema, qualifiesForStrict } from "../openai/json-schema.ts";
import type { RequestBody } from "./wire.ts";

/** The members of a request that are about functions. */
export type ToolOptions = Pick<RequestBody, "tools" | "tool_choice" | "parallel_tool_calls">;

type Mode = "auto" | "any" | "none" | "validated";

/** The functions that a request declares. */
export function functionsOf(settings: Settings): FunctionTool[] {
  return (settings.tools ?? []).filter((tool) => tool.type === "function");
}

/**
 * The functions and how the model may use them. Where no call may be made, no function is offered, for some servers do not
 * heed `none`. Of allowed tools OpenAI is told; others are offered nothing else. Validated calls are a choice of the model
 * with arguments that fit: OpenAI holds to that for functions with a strict schema, if it makes one call at a time.
 */
export function toolOptionsOf(
  settings: Settings,
  names: FunctionNames,
  isOpenai: boolean,
  told: Degradation[],
): ToolOptions {
  const choice = settings.generation_config?.tool_choice;
  const mode = modeOf(choice);
  const allowed = allowedBy(choice);
  const declared = functionsOf(settings);
  const offered = isOpenai || allowed === undefined ? declared : declared.filter(({ name }) => allowed.has(name));
  if (mode === "none") return {};
  if (offered.length === 0) {
    // The names of what an MCP server offers are known only now, so this could not be refused.
    if (mode === "any")
      told.push({
        field: "generation_config.tool_choice",
        message: "None of the allowed tools is there to be called.",
      });
    return {};
  }
  tellDeferred(settings, told);
  const tools = offered.map((tool) => wireTool(tool, names, mode === "validated"));
  const isStrict = tools.map((tool) => tool.function.strict === true);
  if (mode === "validated" && !(isOpenai && isStrict.every(Boolean)))
    told.push({
      field: "generation_config.tool_choice",
      message: "The arguments of calls are not checked against every function's schema.",
    });
  const options: ToolOptions = { tools };
  if (isOpenai && allowed !== undefined) options.tool_choice = allowedTools(offered, allowed, mode, names);
  else if (choice !== undefined) options.tool_choice = mode === "any" ? "required" : "auto";
  if (isOpenai && isStrict.some(Boolean)) options.parallel_tool_calls = false;
  return options;
}

function modeOf(choice: ToolChoice | undefined): Mode {
  return typeof choice === "object" ? (choice.allowed_tools.mode ?? "auto") : (choice ?? "auto");
}

function allowedBy(choice: ToolChoice | undefined): ReadonlySet<string> | undefined {
  const allowed = typeof choice === "object" ? choice.allowed_tools.tools : undefined;
  return allowed === undefined ? undefined : new Set(allowed);
}

function wireTool({ name, description, parameters }: FunctionTool, names: FunctionNames, isValidated: boolean) {
  const schema = parametersSchema(parameters);
  const definition = {
    name: names.toWire(name),
    ...(description === undefined ? {} : { description }),
    parameters: schema,
    ...(isValidated && qualifiesForStrict(schema) ? { strict: true } : {}),
  };
  return { type: "function" as const, function: definition };
}

function allowedTools(
  offered: readonly FunctionTool[],
  allowed: ReadonlySet<string>,
  mode: Mode,
  names: FunctionNames,
): RequestBody["tool_choice"] {
  const tools = offered.flatMap(({ name }) =>
    allowed.has(name) ? [{ type: "function", function: { name: names.toWire(name) } }] : [],
  );
  return { type: "allowed_tools", allowed_tools: { mode: mode === "any" ? "required" : "auto", tools } };
}

function tellDeferred(settings: Settings, told: Degradation[]): void {
  for (const [index, tool] of (settings.tools ?? []).entries())
    if (tool.type === "function" && tool.defer_loading === true)
      told.push({ field: `tools[${index}].defer_loading`, message: "The model got to know the function at once." });
}

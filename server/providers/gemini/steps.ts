import type { Content } from "../../../schema/core/content.ts";
import type { Degradation } from "../../../schema/core/degradation.ts";
import { isJsonObject, type JsonObject } from "../../../schema/core/json.ts";
import { mcpFunctionName } from "../../../schema/core/mcp-function-name.ts";
import type { Step, ToolCall, ToolOutcome, ToolResult } from "../../../schema/core/step.ts";
import { encodeStep } from "../../../schema/interactions/encode-step.ts";
import { readableStep } from "../readable-step.ts";
import { foreignContent, namesOf } from "./foreign-content.ts";

/** A step and its path in the request; `isOwn` if this upstream made it or a client that asks it says it in its words. */
export type PlacedStep = { step: Step; place: string; isOwn: boolean };

export type StepsContext = {
  upstream: string;
  /** Whether an agent is asked: it reaches MCP servers itself. */
  isAgent: boolean;
  /** The names of functions by the ids of their calls. */
  names: ReadonlyMap<string, string>;
  degradations: Degradation[];
};

/**
 * A step in Google's words. What this upstream made goes back as it came; what another one made goes as far as Google knows
 * the like of it, and what had to be changed is told. `undefined` where there is nothing to say.
 */
export function wireStep(placed: PlacedStep, context: StepsContext): JsonObject | undefined {
  const { step, isOwn } = placed;
  switch (step.type) {
    case "user_input":
    case "model_output":
      return isOwn ? encodeStep(step) : foreignWords(step, placed, context);
    case "thought":
      if (isOwn) return encodeStep(step);
      tell(placed.place, "is not given the thoughts of another model, so this one was left out.", context);
      return undefined;
    case "tool_call":
    case "tool_result":
      return wireTool(step, placed, context);
    default:
      return step satisfies never;
  }
}

/** What was said by whoever is no model of Google's, or to it. */
function foreignWords(
  step: Extract<Step, { type: "user_input" | "model_output" }>,
  { place }: PlacedStep,
  context: StepsContext,
): JsonObject | undefined {
  const leftOut: string[] = [];
  const { extra, ...plain } = step;
  if (extra !== undefined) leftOut.push(namesOf(extra));
  const content = foreignContents(step.content, leftOut);
  tellLeftOut(leftOut, place, context);
  return content.length === 0 ? undefined : encodeStep({ ...plain, content });
}

function foreignContents(contents: readonly Content[], leftOut: string[]): Content[] {
  return contents.flatMap((content) => foreignContent(content, (what) => leftOut.push(what)) ?? []);
}

function wireTool(step: ToolCall | ToolResult, placed: PlacedStep, context: StepsContext): JsonObject | undefined {
  const { place, isOwn } = placed;
  if (isFunction(step, isOwn && context.isAgent)) return wireFunction(step, placed, context);
  if (isOwn) return withoutEmptySignature(encodeStep(step));
  tell(place, `is given this step of the '${step.tool}' of another upstream as text.`, context);
  return inWords(step);
}

/** Functions of the client, and tools of MCP servers, which the hub has run unless Google did for an agent. */
function isFunction({ tool }: ToolCall | ToolResult, byGoogle: boolean): boolean {
  return tool === "function" || (tool === "mcp_server" && !byGoogle);
}

function wireFunction(step: ToolCall | ToolResult, placed: PlacedStep, context: StepsContext): JsonObject | undefined {
  const { place, isOwn } = placed;
  if (step.type === "tool_call" && step.arguments === undefined && step.arguments_text !== undefined) {
    tell(place, "is given this call as text, because its arguments were cut.", context);
    return inWords(step);
  }
  const { server_name, signature, extra, ...plain } = step;
  const leftOut: string[] = [];
  if (!isOwn && extra !== undefined) leftOut.push(namesOf(extra));
  const name =
    step.tool === "mcp_server"
      ? mcpFunctionName(server_name ?? "", step.name ?? "")
      : (step.name ?? nameOf(step, context));
  const named = name === undefined ? {} : { name };
  const kept = isOwn
    ? { ...(signature === undefined ? {} : { signature }), ...(extra === undefined ? {} : { extra }) }
    : {};
  const told = { ...plain, ...kept, ...named, tool: "function" } as ToolCall | ToolResult;
  if (told.type === "tool_result" && told.result !== undefined)
    told.result = isOwn ? told.result : foreignOutcome(told.result, leftOut);
  tellLeftOut(leftOut, place, context);
  return withoutEmptySignature(encodeStep(told));
}

/** Google takes no result without the name of its function, which a client need not say. */
function nameOf(step: ToolCall | ToolResult, { names }: StepsContext): string | undefined {
  return step.type === "tool_result" ? names.get(step.call_id) : undefined;
}

/** What a tool gave back, in the forms that Google takes: a text, an object or contents. */
function foreignOutcome(outcome: ToolOutcome, leftOut: string[]): ToolOutcome {
  if (outcome.type === "content") return { ...outcome, content: foreignContents(outcome.content, leftOut) };
  if (outcome.type === "text" || isJsonObject(outcome.json)) return outcome;
  return { type: "text", text: JSON.stringify(outcome.json) };
}

function inWords(step: Step): JsonObject | undefined {
  const text = readableStep(step);
  return text === "" ? undefined : encodeStep({ type: "model_output", content: [{ type: "text", text }] });
}

/** Where a step starts with an empty signature, that only holds the place of one. */
function withoutEmptySignature(wire: JsonObject): JsonObject {
  if (wire.signature !== "") return wire;
  const { signature: _empty, ...rest } = wire;
  return rest;
}

function tellLeftOut(leftOut: readonly string[], place: string, context: StepsContext): void {
  if (leftOut.length > 0) tell(place, `does not know ${leftOut.join(", ")} of this step, so it was left out.`, context);
}

function tell(field: string, what: string, { upstream, degradations }: StepsContext): void {
  degradations.push({ field, message: `The upstream '${upstream}' ${what}` });
}

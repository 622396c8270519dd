import { HubError } from "../core/error.ts";
import type { CreateRequest } from "../core/interaction.ts";
import type { JsonObject } from "../core/json.ts";
import { shortened } from "../core/shortened.ts";
import type { Tool } from "../core/tool.ts";
import { ownMember } from "./members.ts";
import { refusal } from "./refusals.ts";

const DEEP_RESEARCH = "deep-research";

/** Refuses members of a request that contradict each other, as Google's service does. */
export function checkCreate(request: CreateRequest, body: JsonObject): void {
  if (request.background && !request.store) {
    throw precondition("background=true requires store=true.", "background");
  }
  if (request.settings.webhook_config !== undefined) {
    throw refusal("'webhook_config' is not supported: this server delivers no webhooks.", "webhook_config");
  }
  checkFunctionNames(request.settings.tools ?? []);
  if (request.agent === undefined) {
    if (request.settings.agent_config !== undefined) {
      throw refusal("'agent_config' cannot be used with 'model': it needs 'agent'.", "agent_config");
    }
    return;
  }
  if (ownMember(body, "generation_config") !== undefined) {
    throw refusal("'generation_config' cannot be used with 'agent': use 'agent_config'.", "generation_config");
  }
  if (request.agent.startsWith(DEEP_RESEARCH)) checkDeepResearch(request);
}

/** A call names its function and nothing else, so two of one name could not be told apart. */
function checkFunctionNames(tools: readonly Tool[]): void {
  const names = new Set<string>();
  for (const [index, tool] of tools.entries()) {
    const name = functionName(tool);
    if (name === undefined) continue;
    if (names.has(name)) {
      throw refusal(
        `The function '${shortened(name)}' at 'tools[${index}]' is declared twice.`,
        `tools[${index}].name`,
      );
    }
    names.add(name);
  }
}

/** A function with members that the hub does not know is kept whole, and yet one. */
function functionName(tool: Tool): string | undefined {
  if (tool.type === "function") return tool.name;
  if (tool.type !== "other" || tool.raw.type !== "function") return undefined;
  return typeof tool.raw.name === "string" ? tool.raw.name : undefined;
}

function checkDeepResearch(request: CreateRequest): void {
  const agent = shortened(request.agent ?? "");
  if (!request.background) throw precondition(`Agent '${agent}' requires background=true.`, "background");
  if (request.settings.system_instruction !== undefined) {
    throw refusal(`Agent '${agent}' does not support 'system_instruction'.`, "system_instruction");
  }
}

function precondition(message: string, field: string): HubError {
  return new HubError("failed_precondition", message, { field });
}

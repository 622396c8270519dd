import type { CreateRequest, Revision } from "../core/interaction.ts";
import { isJsonObject, type JsonObject } from "../core/json.ts";
import { GenerationConfig } from "../core/settings.ts";
import type { Step } from "../core/step.ts";
import { checkCreate } from "./check-create.ts";
import { decodeInput } from "./decode-input.ts";
import { decodeSettings } from "./decode-settings.ts";
import { booleanMember, ownMember, stringMember } from "./members.ts";
import { nearestName } from "./nearest-name.ts";
import { describe, invalidValue, refusal, unknownParameter } from "./refusals.ts";

/** Every member that a create may have, in either revision. */
export const createMembers: ReadonlySet<string> = new Set([
  "model",
  "agent",
  "input",
  "previous_interaction_id",
  "system_instruction",
  "tools",
  "generation_config",
  "agent_config",
  "response_format",
  "response_mime_type",
  "response_modalities",
  "stream",
  "store",
  "background",
  "environment",
  "service_tier",
  "labels",
  "safety_settings",
  "webhook_config",
]);

/**
 * The request that a create's body makes, in the hub's words. Every form of either revision is read whatever `revision`
 * says, which is only recorded: it is the one that the answer is written in. Null members count as absent. Throws a
 * `HubError` (`invalid_request` or `failed_precondition`) that names the member at fault, in the words of Google's service.
 *
 * Forms outside Google's schema are read only where real clients are known to send them; each is named where it is read:
 * `decodeTools`, `decodeToolStep`, `decodeContent`, `decodeInput`, `decodeGenerationConfig` and `decodeResponseFormat`.
 */
export function decodeCreate(body: unknown, revision: Revision): { request: CreateRequest; stream: boolean } {
  if (!isJsonObject(body)) throw refusal(`Request body must be a JSON object, received ${describe(body)}.`);
  for (const name in body) {
    if (!createMembers.has(name)) refuseMember(body, name);
  }
  const request: CreateRequest = {
    ...decodeTarget(body),
    input: decodeRequestInput(body),
    store: booleanMember(body, "store", "") ?? true,
    background: booleanMember(body, "background", "") ?? false,
    revision,
    settings: decodeSettings(body),
  };
  const previous = stringMember(body, "previous_interaction_id", "");
  if (previous === "") {
    // What a client gets to see of an interaction with `store: false` has an empty id.
    throw invalidValue("previous_interaction_id", "the id of a stored interaction", previous);
  }
  if (previous !== undefined) request.previous_interaction_id = previous;
  checkCreate(request, body);
  return { request, stream: booleanMember(body, "stream", "") ?? false };
}

function decodeTarget(body: JsonObject): { model: string } | { agent: string } {
  const model = stringMember(body, "model", "");
  const agent = stringMember(body, "agent", "");
  if (model !== undefined && agent !== undefined) {
    throw refusal("Only one of 'model' and 'agent' can be set.", "agent");
  }
  if (agent !== undefined) return { agent: nameOf(agent, "agents/", "agent") };
  if (model === undefined) throw refusal("Missing 'model' or 'agent'.", "model");
  return { model: nameOf(model, "models/", "model") };
}

/** The name without the prefix that the list of models gives it. */
function nameOf(text: string, prefix: string, field: string): string {
  const name = text.startsWith(prefix) ? text.slice(prefix.length) : text;
  if (name === "") throw invalidValue(field, "a name", text);
  return name;
}

function decodeRequestInput(body: JsonObject): Step[] {
  const input = ownMember(body, "input");
  if (input !== undefined) return decodeInput(input);
  // An agent may go on without a word, from what it did before or from what its configuration tells it to do.
  const goesOn = ownMember(body, "previous_interaction_id") ?? ownMember(body, "agent_config");
  if (ownMember(body, "agent") !== undefined && goesOn !== undefined) return [];
  throw refusal("Missing input.", "input");
}

function refuseMember(body: JsonObject, name: string): void {
  const isNull = body[name] === null;
  if (name === "continuation_token") {
    if (isNull) return;
    throw refusal("'continuation_token' is not supported: this server never issues one.", name);
  }
  // The SDKs still know the member, so it may come as null.
  if (name === "cached_content" && isNull) return;
  if (nearestName(name, createMembers) === undefined) {
    const inner = nearestName(name, Object.keys(GenerationConfig.shape), 1);
    if (inner !== undefined) {
      throw refusal(`Unknown parameter '${name}'. Did you mean 'generation_config.${inner}'?`, name);
    }
  }
  throw unknownParameter(name, "", createMembers);
}

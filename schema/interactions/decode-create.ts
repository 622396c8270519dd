import type { HubError } from "../core/error.ts";
import type { CreateRequest, Revision, UnknownMember } from "../core/interaction.ts";
import { isJsonObject, type JsonObject } from "../core/json.ts";
import { GenerationConfig } from "../core/settings.ts";
import type { Step } from "../core/step.ts";
import { checkCreate } from "./check-create.ts";
import { decodeInput } from "./decode-input.ts";
import { decodeSettings, type Member } from "./decode-settings.ts";
import { keepUnknown, type Unknown } from "./keep-unknown.ts";
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
 * Members and types that the hub does not know are kept, and entered in `unknown` with the refusal that they deserve: only
 * an upstream that speaks this wire itself may know better.
 *
 * Forms outside Google's schema are read only where real clients are known to send them; each is named where it is read:
 * `decodeTools`, `decodeToolStep`, `decodeContent`, `decodeInput`, `decodeGenerationConfig` and `decodeResponseFormat`.
 */
export function decodeCreate(body: unknown, revision: Revision): { request: CreateRequest; stream: boolean } {
  if (!isJsonObject(body)) throw refusal(`Request body must be a JSON object, received ${describe(body)}.`);
  const unknown: UnknownMember[] = [];
  const strangers = decodeStrangers(body, unknown);
  const request: CreateRequest = {
    ...decodeTarget(body),
    input: decodeRequestInput(body, unknown),
    store: booleanMember(body, "store", "") ?? true,
    background: booleanMember(body, "background", "") ?? false,
    revision,
    settings: decodeSettings(body, strangers, unknown),
  };
  if (unknown.length > 0) request.unknown = unknown;
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

function decodeRequestInput(body: JsonObject, unknown: Unknown): Step[] {
  const input = ownMember(body, "input");
  if (input !== undefined) return decodeInput(input, unknown);
  // An agent may go on without a word, from what it did before or from what its configuration tells it to do.
  const goesOn = ownMember(body, "previous_interaction_id") ?? ownMember(body, "agent_config");
  if (ownMember(body, "agent") !== undefined && goesOn !== undefined) return [];
  throw refusal("Missing input.", "input");
}

/** The members that the hub does not know, as they came. */
function decodeStrangers(body: JsonObject, unknown: Unknown): Member[] {
  const strangers: Member[] = [];
  for (const name in body) {
    if (createMembers.has(name)) continue;
    const value = body[name] ?? null;
    const refused = refusalOfKnown(name);
    // The SDKs still know these members, so they may come as null.
    if (refused !== undefined && value === null) continue;
    if (refused !== undefined) throw refused;
    keepUnknown(refusalOfStranger(name), unknown);
    strangers.push([name, value]);
  }
  return strangers;
}

/** Why a member that is no stranger to the hub is refused all the same. */
function refusalOfKnown(name: string): HubError | undefined {
  switch (name) {
    case "continuation_token":
      return refusal("'continuation_token' is not supported: this server never issues one.", name);
    case "cached_content":
      return unknownParameter(name, "", createMembers);
    default:
      return undefined;
  }
}

function refusalOfStranger(name: string): HubError {
  if (nearestName(name, createMembers) === undefined) {
    const inner = nearestName(name, Object.keys(GenerationConfig.shape), 1);
    if (inner !== undefined && inner !== "extra") {
      return refusal(`Unknown parameter '${name}'. Did you mean 'generation_config.${inner}'?`, name);
    }
  }
  return unknownParameter(name, "", createMembers);
}

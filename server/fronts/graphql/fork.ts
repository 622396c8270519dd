import { HubError } from "../../../schema/core/error.ts";
import type { CreateRequest, Interaction } from "../../../schema/core/interaction.ts";
import { isJsonObject, type JsonObject } from "../../../schema/core/json.ts";
import { decodeCreate } from "../../../schema/interactions/decode-create.ts";
import { encodeRequestSettings } from "../../../schema/interactions/encode-settings.ts";

/**
 * The request that does an interaction again with changes, which are in REST's words; `previous` is where it goes on from.
 * A configuration is changed member by member, everything else is replaced, and null takes away.
 */
export function forkRequest(original: Interaction, changes: JsonObject, previous: string | undefined): CreateRequest {
  const { input, ...changed } = changes;
  const kept = withoutOther(original, changed);
  const config = changed.generation_config;
  const body: JsonObject = {
    ...kept,
    ...changed,
    ...(isJsonObject(config) && isJsonObject(kept.generation_config)
      ? { generation_config: { ...kept.generation_config, ...config } }
      : {}),
    background: changed.background ?? original.background,
    // Read below; the original's own steps need not go through a wire.
    input: input ?? "again",
  };
  if (previous !== undefined) body.previous_interaction_id = previous;
  const { request } = decodeCreate(body, "steps");
  return input === undefined || input === null ? { ...request, input: original.input } : request;
}

/** The original's request without what cannot go with a model where it was an agent, or the other way round. */
function withoutOther({ model, agent, settings }: Interaction, changed: JsonObject): JsonObject {
  const { generation_config, agent_config, ...shared } = encodeRequestSettings(settings);
  const toModel = changed.model !== undefined && changed.model !== null;
  const toAgent = changed.agent !== undefined && changed.agent !== null;
  if (toModel && toAgent) throw new HubError("invalid_request", "Only one of 'model' and 'agent' can be set.");
  if (toModel || (agent === undefined && !toAgent)) {
    return { ...shared, ...(toModel ? {} : named("model", model)), ...named("generation_config", generation_config) };
  }
  return { ...shared, ...(toAgent ? {} : named("agent", agent)), ...named("agent_config", agent_config) };
}

function named(name: string, value: JsonObject[string] | undefined): JsonObject {
  return value === undefined ? {} : { [name]: value };
}

import type { Event } from "../core/event.ts";
import type { Interaction, Revision, Status } from "../core/interaction.ts";
import type { JsonObject } from "../core/json.ts";
import type { Usage } from "../core/usage.ts";
import {
  encodeFailure,
  encodeFailures,
  encodeTarget,
  encodeTime,
  legacyRole,
  serviceTier,
} from "./encode-interaction.ts";
import { encodeUsage } from "./encode-usage.ts";

/** The JSON of a stream event, before it has its place in the stream. */
export type WirePayload = JsonObject & { event_type: string };

/** What a stream says first: that the interaction exists, and that it runs. */
export function encodeBegin(interaction: Interaction, status: Status, revision: Revision): WirePayload[] {
  const created = { id: wireId(interaction), status, object: "interaction", ...encodeTarget(interaction) };
  const event_type = revision === "steps" ? "interaction.created" : "interaction.start";
  return [{ interaction: created, event_type }, encodeStatus(interaction, status)];
}

/** A change of state. */
export function encodeStatus(interaction: Interaction, status: Status, usage?: Usage): WirePayload {
  const counted: JsonObject = usage === undefined ? {} : { usage: encodeUsage(usage) };
  return { interaction_id: wireId(interaction), status, ...counted, event_type: "interaction.status_update" };
}

/**
 * What a stream says last. A failed run ends with its error and without the completing event, which clients take for a
 * whole answer; the others complete with the state they reached.
 */
export function encodeEnd(
  interaction: Interaction,
  finish: Extract<Event, { type: "finish" }>,
  at: number,
  revision: Revision,
): WirePayload[] {
  if (finish.status === "failed") {
    const [cause = { code: "internal", message: "The interaction failed and gave no cause." }] = finish.errors ?? [];
    return [
      encodeStatus(interaction, finish.status, finish.usage),
      { error: encodeFailure(cause), event_type: "error" },
    ];
  }
  const ended: JsonObject = { id: wireId(interaction), status: finish.status };
  if (finish.usage !== undefined) ended.usage = encodeUsage(finish.usage);
  if (revision === "legacy") ended.role = legacyRole(interaction);
  ended.created = encodeTime(interaction.created_at);
  ended.updated = encodeTime(at);
  ended.service_tier = serviceTier(interaction);
  ended.object = "interaction";
  Object.assign(ended, encodeTarget(interaction), encodeFailures(finish.errors));
  const event_type = revision === "steps" ? "interaction.completed" : "interaction.complete";
  const completed: WirePayload = { interaction: ended, event_type };
  return finish.status === "cancelled" ? [encodeStatus(interaction, finish.status), completed] : [completed];
}

/** In a stream the id is a member that is always there, and empty where nothing is stored. */
function wireId(interaction: Interaction): string {
  return interaction.store ? interaction.id : "";
}

import type { JsonValue } from "../../../schema/core/json.ts";

// Google's Interactions API, steps revision, as far as it is read here. Nothing of it is taken for granted: members may be
// missing, of another form, or new; all of them are told in the reference of the API (https://ai.google.dev/api).

/** A record of a stream. Which other members it has is told by `event_type`. */
export type WireEvent = {
  event_type?: JsonValue;
  /** A cursor: a stream that broke off goes on after it. Not every event has one. */
  event_id?: JsonValue;
  /** Of `interaction.created` and `interaction.completed`. */
  interaction?: JsonValue;
  /** Of `interaction.status_update`. */
  status?: JsonValue;
  usage?: JsonValue;
  /** Of `step.start`, `step.delta` and `step.stop`: the place of the step. */
  index?: JsonValue;
  step?: JsonValue;
  delta?: JsonValue;
  /** Of `error`. */
  error?: JsonValue;
};

/** An interaction, whole or in the events at both ends of a stream. */
export type WireInteraction = {
  id?: JsonValue;
  status?: JsonValue;
  steps?: JsonValue;
  usage?: JsonValue;
  errors?: JsonValue;
};

/** A string that is there and not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

import type { Failure, Interaction, Revision } from "../core/interaction.ts";
import { isTerminal } from "../core/interaction.ts";
import type { JsonObject } from "../core/json.ts";
import { errorWireCode } from "./encode-error.ts";
import { encodeOutputs, encodeTurns } from "./encode-legacy-content.ts";
import { encodeSettings } from "./encode-settings.ts";
import { encodeStep } from "./encode-step.ts";
import { encodeUsage } from "./encode-usage.ts";

/**
 * The interaction as a reply. `create` answers the request that made it: what came of it, without echoing the request;
 * while it still runs (in the background) only its identity and state. `read` shows it whole: the steps revision with
 * the input steps at the head of the timeline, the legacy revision with `input` only when `include_input` asks for it.
 */
export function encodeInteraction(
  interaction: Interaction,
  revision: Revision,
  view: "create" | "read",
  options: { include_input?: boolean } = {},
): JsonObject {
  const minimal = view === "create" && !isTerminal(interaction.status);
  const encoded: JsonObject = {};
  // Nothing can be asked about what is not stored, so there is no id to ask by.
  if (interaction.store) encoded.id = interaction.id;
  encoded.status = interaction.status;
  if (revision === "legacy" && !minimal) encoded.outputs = encodeOutputs(interaction.output);
  if (interaction.usage !== undefined) encoded.usage = encodeUsage(interaction.usage);
  if (revision === "legacy" && !minimal) encoded.role = legacyRole(interaction);
  encoded.created = encodeTime(interaction.created_at);
  encoded.updated = encodeTime(interaction.updated_at);
  if (!minimal) encoded.service_tier = serviceTier(interaction);
  if (revision === "steps" && !minimal) {
    const steps = view === "read" ? [...interaction.input, ...interaction.output] : interaction.output;
    encoded.steps = steps.map(encodeStep);
  }
  encoded.object = "interaction";
  Object.assign(encoded, encodeTarget(interaction));
  if (interaction.previous_id !== undefined) encoded.previous_interaction_id = interaction.previous_id;
  Object.assign(encoded, encodeFailures(interaction.errors));
  if (view === "create") return encoded;
  Object.assign(encoded, encodeSettings(interaction.settings, revision));
  if (revision === "legacy" && options.include_input === true) encoded.input = encodeTurns(interaction.input);
  return encoded;
}

/** What ran it: `model` or `agent`. */
export function encodeTarget(interaction: Interaction): JsonObject {
  if (interaction.agent !== undefined) return { agent: interaction.agent };
  return interaction.model === undefined ? {} : { model: interaction.model };
}

/**
 * Why it did not complete, if it did not. The legacy revision never had this member, yet its clients let unknown members
 * pass, and without it a failed run would give no reason at all.
 */
export function encodeFailures(errors: readonly Failure[] | undefined): JsonObject {
  if (errors === undefined || errors.length === 0) return {};
  return { errors: errors.map(encodeFailure) };
}

/** One cause, with the code that a reply would give it. */
export function encodeFailure(failure: Failure): JsonObject {
  return { code: errorWireCode(failure.code), message: failure.message };
}

/** The tier that it ran in. */
export function serviceTier(interaction: Interaction): string {
  return interaction.settings.service_tier ?? "standard";
}

/** The legacy revision's word for who speaks. */
export function legacyRole(interaction: Interaction): "model" | "agent" {
  return interaction.agent === undefined ? "model" : "agent";
}

/** Milliseconds since 1970 as the wire writes time: UTC, whole seconds. */
export function encodeTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

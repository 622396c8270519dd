import { z } from "zod";
import { AgentConfig, Labels } from "../../core/settings.ts";
import { carried, named, openEnum, optional, required } from "./disposition.ts";
import { GenerationConfig, LegacyGenerationConfig } from "./generation-config.ts";
import { LegacyContent, Turn } from "./legacy-content.ts";
import { JsonSchema, ResponseFormat } from "./response-format.ts";
import { Step } from "./step.ts";
import { Tool } from "./tool.ts";
import { Usage } from "./usage.ts";

export const Status = named(
  "Status",
  "sent: `queued`, `requires_continuation` and `budget_exceeded` never",
  "`in_progress` is the only state of these that is not an end.",
  openEnum("in_progress", "requires_action", "completed", "failed", "cancelled", "incomplete"),
);

/** Why an interaction did not complete. */
export const InteractionError = named(
  "InteractionError",
  "sent",
  "A snake_case code and a sentence for people.",
  z.looseObject({ code: z.string().optional(), message: z.string().optional() }),
);

const echoed = "stored: echoed by GET";

const shared = {
  id: optional(z.string(), "sent: unless `store` was false"),
  object: optional(z.literal("interaction"), "sent"),
  status: required(Status, "sent"),
  model: optional(z.string(), "sent"),
  agent: optional(z.string(), "sent"),
  created: optional(z.iso.datetime(), "sent"),
  updated: optional(z.iso.datetime(), "sent"),
  usage: optional(Usage, "sent: when the upstream counted"),
  service_tier: optional(z.string(), "sent: as asked for, else `standard`"),
  previous_interaction_id: optional(z.string(), "sent"),
  errors: optional(z.array(InteractionError), "sent: in both revisions"),
  system_instruction: optional(z.string(), echoed),
  tools: optional(z.array(Tool), "stored: echoed by GET, without secrets"),
  agent_config: optional(AgentConfig, echoed),
  webhook_config: optional(carried(), "not sent: refused in requests"),
};

/** The resource in the steps revision. */
export const Interaction = named(
  "Interaction",
  "sent",
  "An interaction in the steps revision. A create answers what came of it, a GET also what was said.",
  z.looseObject({
    ...shared,
    steps: optional(z.array(Step), "sent: GET begins with the input's steps; not while a create's run goes on"),
    labels: optional(Labels, echoed),
    safety_settings: optional(z.array(carried()), echoed),
    environment: optional(z.union([z.string(), carried()]), "stored: echoed by GET, without secrets"),
    generation_config: optional(GenerationConfig, echoed),
    response_format: optional(z.union([ResponseFormat, z.array(ResponseFormat), JsonSchema]), echoed),
    input: optional(z.unknown(), "not sent: GET has the input's steps in `steps`"),
    environment_id: optional(z.string(), "not sent: the hub keeps no environments"),
    continuation_token: optional(z.string(), "not sent: the hub never stops for one"),
    cached_content: optional(z.string(), "not sent: refused in requests"),
    response_mime_type: optional(z.string(), "not sent: told by `response_format`"),
    response_modalities: optional(z.array(z.string()), "not sent: told by `response_format`"),
    role: optional(z.string(), "not sent: it is of the legacy revision"),
  }),
);

/** The resource in the legacy revision. */
export const LegacyInteraction = named(
  "LegacyInteraction",
  "sent",
  "An interaction in the legacy revision: what came of it as a flat list of contents.",
  z.looseObject({
    ...shared,
    outputs: optional(z.array(LegacyContent), "sent: without what this revision has no type for"),
    role: optional(z.enum(["model", "agent"]), "sent"),
    input: optional(
      z.array(Turn),
      "sent: by GET with `include_input=true`, as turns, without what this revision has no type for",
    ),
    generation_config: optional(LegacyGenerationConfig, "not sent: this revision could only write it"),
    response_format: optional(JsonSchema, echoed),
    response_mime_type: optional(z.string(), echoed),
    response_modalities: optional(z.array(z.string()), echoed),
  }),
);

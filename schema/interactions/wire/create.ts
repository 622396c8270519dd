import { z } from "zod";
import { AgentConfig, Labels } from "../../core/settings.ts";
import { Content } from "./content.ts";
import { carried, named, openEnum, optional } from "./disposition.ts";
import { GenerationConfig, LegacyGenerationConfig } from "./generation-config.ts";
import { LegacyContent, Turn } from "./legacy-content.ts";
import { JsonSchema, ResponseFormat } from "./response-format.ts";
import { Step } from "./step.ts";
import { Tool } from "./tool.ts";

const shared = {
  model: optional(z.string(), "honoured: `models/` before it is read too", "Exactly one of `model` and `agent`."),
  agent: optional(z.string(), "honoured: `agents/` before it is read too", "Exactly one of `model` and `agent`."),
  previous_interaction_id: optional(z.string(), "honoured", "The stored and finished interaction to go on from."),
  system_instruction: optional(z.string(), "honoured", "Not inherited along a chain."),
  tools: optional(z.array(Tool), "honoured: see the tools", "Not inherited along a chain."),
  agent_config: optional(AgentConfig, "passed on: refused with `model` (400)"),
  stream: optional(z.boolean(), "honoured", "Default false."),
  store: optional(z.boolean(), "honoured", "Default true; false cannot go with `background`."),
  background: optional(z.boolean(), "honoured", "Default false."),
  service_tier: optional(openEnum("flex", "standard", "priority", "deferred"), "stored: echoed, passed on"),
  webhook_config: optional(
    z.looseObject({ uris: z.array(z.string()).optional(), user_metadata: carried().optional() }),
    "refused: 400, because the hub delivers no webhooks",
  ),
  response_mime_type: optional(z.string(), "translated: into `response_format`", "Deprecated."),
  response_modalities: optional(z.array(z.string()), "translated: into `response_format`", "Deprecated; any case."),
};

/** The body of a create in the steps revision. */
export const CreateInteraction = named(
  "CreateInteraction",
  "honoured",
  "A request in the steps revision. The forms of both revisions are read from every client. Members, tools and contents that the hub does not know are refused, unless the upstream speaks this API itself.",
  z.looseObject({
    ...shared,
    input: optional(
      z.union([z.string(), Content, z.array(z.union([Step, Content]))]),
      "honoured",
      "What is said. Contents that follow each other are one `user_input`.",
    ),
    generation_config: optional(GenerationConfig, "honoured: refused with `agent` (400)", "Not inherited."),
    response_format: optional(z.union([ResponseFormat, z.array(ResponseFormat), JsonSchema]), "honoured"),
    environment: optional(
      z.union([z.string(), carried()]),
      "passed on: refused by the simulator (400); secrets in it are never given back",
    ),
    labels: optional(Labels, "stored: echoed"),
    safety_settings: optional(
      z.array(z.looseObject({ type: z.string(), threshold: z.string(), method: z.string().optional() })),
      "passed on: refused by the simulator (400)",
    ),
    continuation_token: optional(z.string(), "refused: 400, because the hub never issues one"),
    cached_content: optional(z.string(), "refused: 400 Unknown parameter, as Google does"),
  }),
);

/** The body of a create in the legacy revision. */
export const LegacyCreateInteraction = named(
  "LegacyCreateInteraction",
  "honoured",
  "A request in the legacy revision.",
  z.looseObject({
    ...shared,
    input: optional(
      z.union([z.string(), Content, z.array(z.union([Turn, LegacyContent]))]),
      "translated: into steps",
      "What is said: contents, or the turns of both sides.",
    ),
    generation_config: optional(LegacyGenerationConfig, "honoured: refused with `agent` (400)", "Not inherited."),
    response_format: optional(JsonSchema, "translated: into a text entry with this schema"),
  }),
);

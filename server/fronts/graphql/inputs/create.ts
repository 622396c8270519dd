import type { JsonObject, JsonValue } from "../../../../schema/core/json.ts";
import { builder } from "../builder.ts";
import { configBody, GenerationConfigInput } from "./generation-config.ts";

type InputFields = Parameters<Parameters<typeof builder.inputType>[1]["fields"]>[0];

export const LabelInput = builder.inputType("LabelInput", {
  description: "A label to set.",
  fields: (t) => ({
    key: t.string({ required: true, description: "A lower-case letter, then at most 62 letters, digits, `_` or `-`." }),
    value: t.string({ required: true, description: "At most 63 lower-case letters, digits, `_` or `-`." }),
  }),
});

/** What a create and a fork have in common. Structures that have no input type of their own are in REST's words. */
function requestFields(t: InputFields) {
  return {
    model: t.string({ description: "The model to ask. Exactly one of `model` and `agent` is given." }),
    agent: t.string({ description: "The agent to ask." }),
    input: t.field({
      type: "JSON",
      description: "What is said: a string, a content, or a list of contents and steps, as REST's create takes them.",
    }),
    systemInstruction: t.string({ description: "What the model is told to be." }),
    tools: t.field({ type: ["JSON"], description: "What the model may use, as REST's create takes them." }),
    generationConfig: t.field({ type: GenerationConfigInput, description: "How the model is to generate." }),
    agentConfig: t.field({ type: "JSON", description: "How the agent works." }),
    responseFormat: t.field({ type: "JSON", description: "What the answer must be: one format, or a list." }),
    environment: t.field({ type: "JSON", description: "Where the agent works." }),
    serviceTier: t.string({ description: "How the upstream is to rank it." }),
    labels: t.field({ type: [LabelInput], description: "Labels to find it by." }),
    safetySettings: t.field({ type: ["JSON"], description: "What the upstream is to block." }),
    background: t.boolean({ description: "Whether to answer at once and let it run." }),
    extra: t.field({ type: "JSON", description: "Further members of a create, under REST's names." }),
  };
}

export const CreateInteractionInput = builder.inputType("CreateInteractionInput", {
  description: "A request. None of it is inherited along a chain but what was said.",
  fields: (t) => ({
    ...requestFields(t),
    previousInteractionId: t.id({ description: "The stored and ended interaction to go on from." }),
    store: t.boolean({
      description: "Whether it is kept, which it is unless told otherwise. What is not kept has no id to ask by.",
    }),
  }),
});

export const ForkInteractionInput = builder.inputType("ForkInteractionInput", {
  description:
    "A request made of an earlier one: it goes on from where that one did, and is the same but for what is given here. " +
    "Credentials for MCP servers are never kept, so tools that need them must be given again.",
  fields: (t) => ({
    from: t.id({ required: true, description: "The interaction to do again." }),
    through: t.id({
      description:
        "An interaction that goes on from it: everything up to this one is asked again, in the same order. It ends early where " +
        "one does not end well, or where the next one answers calls that were not made this time.",
    }),
    ...requestFields(t),
  }),
});

type Given = {
  [Name in keyof typeof CreateInteractionInput.$inferInput]?: (typeof CreateInteractionInput.$inferInput)[Name];
};

/** The names that REST has for the members that are carried as they are. */
const names = {
  model: "model",
  agent: "agent",
  input: "input",
  previousInteractionId: "previous_interaction_id",
  systemInstruction: "system_instruction",
  tools: "tools",
  agentConfig: "agent_config",
  responseFormat: "response_format",
  environment: "environment",
  serviceTier: "service_tier",
  safetySettings: "safety_settings",
  background: "background",
  store: "store",
} as const satisfies { [Name in Exclude<keyof Given, "generationConfig" | "labels" | "extra">]-?: string };

/** The body of the REST create that says what was given. What is null stays null. */
export function createBody(given: Given): JsonObject {
  const body: JsonObject = { ...(given.extra as JsonObject | null | undefined) };
  for (const [name, member] of Object.entries(names) as [keyof typeof names, string][]) {
    const value = given[name];
    if (value !== undefined) body[member] = value as JsonValue;
  }
  const { generationConfig, labels } = given;
  if (generationConfig !== undefined) body.generation_config = generationConfig && configBody(generationConfig);
  if (labels !== undefined) body.labels = labels && Object.fromEntries(labels.map(({ key, value }) => [key, value]));
  return body;
}

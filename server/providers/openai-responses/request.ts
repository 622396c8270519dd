import type { OpenAI } from "openai";
import type { Degradation } from "../../../schema/core/degradation.ts";
import type { GenerationConfig, ResponseFormat } from "../../../schema/core/settings.ts";
import type { ModelCall } from "../../../schema/provider.ts";
import { FunctionNames } from "../openai/function-names.ts";
import { normaliseSchema, qualifiesForStrict } from "../openai/json-schema.ts";
import { tellUnknownMembers } from "../unknown-members.ts";
import { functionNameOf, inputItems } from "./input-items.ts";
import { toolMembers } from "./request-tools.ts";
import { serviceTierOf } from "./service-tier.ts";
import type { HostedTool } from "./unconfirmed-tools.ts";
import type { InputItem, RequestBody } from "./wire.ts";

/** What is asked, and what must be known to read the answer. */
export type TranslatedRequest = {
  body: RequestBody;
  /** What had to be left out or said in another form. */
  degradations: Degradation[];
  /** How the functions are called on the wire. */
  names: FunctionNames;
  /** The upstream's own tools that are offered. */
  hosted: HostedTool[];
};

/** What the steps of its own answers hold besides what the hub knows. */
const ownMembers: ReadonlySet<string> = new Set(["phase"]);

/**
 * A call as the body of `POST /v1/responses`. The upstream stores nothing, so it hears the whole conversation each time and
 * gives its reasoning along, encrypted, to be given back.
 */
export function toRequest(call: ModelCall, upstream: string): TranslatedRequest {
  const { settings } = call;
  const degradations: Degradation[] = [];
  const names = new FunctionNames(functionNames(call));
  const { include, hosted, ...tools } = toolMembers(settings, names, degradations);
  const { items, degradations: told } = inputItems(call, upstream, names);
  tellUnknownMembers(call.input, upstream, told, ownMembers);
  const format = textFormat(settings.response_format ?? []);
  const tier = serviceTierOf(settings.service_tier);
  const body: RequestBody = {
    model: call.model ?? "",
    ...(settings.system_instruction === undefined ? {} : { instructions: settings.system_instruction }),
    input: format?.type === "json_object" && !speaksOfJson(call) ? [answerInJson, ...items] : items,
    ...generation(settings.generation_config ?? {}, degradations),
    ...tools,
    ...(format === undefined ? {} : { text: { format } }),
    ...(tier === undefined ? {} : { service_tier: tier }),
    include: ["reasoning.encrypted_content", ...include],
    store: false,
    stream: true,
  };
  return { body, degradations: [...degradations, ...told], names, hosted };
}

type GenerationMembers = Pick<RequestBody, "temperature" | "top_p" | "max_output_tokens" | "reasoning">;

/** What the API has no member for; the answer is still one. */
const missing = ["seed", "presence_penalty", "frequency_penalty"] as const;

function generation(config: GenerationConfig, degradations: Degradation[]): GenerationMembers {
  for (const name of missing) {
    if (config[name] !== undefined)
      degradations.push({
        field: `generation_config.${name}`,
        message: `The Responses API has no '${name}'; it was left out.`,
      });
  }
  const { temperature, top_p, max_output_tokens, thinking_level: effort, thinking_summaries: summaries } = config;
  const reasoning: OpenAI.Reasoning = {
    ...(effort === undefined ? {} : { effort }),
    ...(summaries === "auto" ? { summary: "auto" } : {}),
  };
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(top_p === undefined ? {} : { top_p }),
    ...(max_output_tokens === undefined ? {} : { max_output_tokens }),
    ...(Object.keys(reasoning).length === 0 ? {} : { reasoning }),
  };
}

function textFormat(formats: readonly ResponseFormat[]): OpenAI.Responses.ResponseFormatTextConfig | undefined {
  const text = formats.find((format) => format.type === "text");
  if (text?.schema !== undefined) {
    const schema = normaliseSchema(text.schema);
    return { type: "json_schema", name: "answer", schema, strict: qualifiesForStrict(schema) };
  }
  return text?.mime_type === "application/json" ? { type: "json_object" } : undefined;
}

/** OpenAI refuses to answer in JSON where nothing in the conversation speaks of it. */
const answerInJson: InputItem = { type: "message", role: "system", content: "Answer in JSON." };

function speaksOfJson({ history, input }: ModelCall): boolean {
  return [...history, ...input].some(
    (step) =>
      (step.type === "user_input" || step.type === "model_output") &&
      step.content.some((content) => content.type === "text" && /json/i.test(content.text)),
  );
}

function functionNames({ settings, history, input }: ModelCall): string[] {
  const called = [...history, ...input].flatMap((step) => (step.type === "tool_call" ? functionNameOf(step) : []));
  return [...(settings.tools ?? []).flatMap((tool) => (tool.type === "function" ? tool.name : [])), ...called];
}

import type { Degradation } from "../../../schema/core/degradation.ts";
import { isJsonObject, type JsonValue } from "../../../schema/core/json.ts";
import type { GenerationConfig, ResponseFormat, Settings } from "../../../schema/core/settings.ts";
import type { ModelCall } from "../../../schema/provider.ts";
import { hostOf, isOpenai } from "../openai/client.ts";
import { FunctionNames } from "../openai/function-names.ts";
import { normaliseSchema, qualifiesForStrict } from "../openai/json-schema.ts";
import { tellUnknownMembers } from "../unknown-members.ts";
import type { UpstreamSettings } from "../upstream-settings.ts";
import { conversationOf } from "./messages.ts";
import { functionsOf, toolOptionsOf } from "./tool-options.ts";
import type { Message, RequestBody } from "./wire.ts";

/** A call in the words of chat completions, and what could not be said in them. */
export type ChatRequest = { body: RequestBody; degradations: Degradation[]; names: FunctionNames };

type Target = Pick<UpstreamSettings, "name" | "base_url">;

/** Puts a call into a request. What cannot be honoured has been refused before; what is lost is told. */
export function buildRequest(call: ModelCall, target: Target): ChatRequest {
  const { settings } = call;
  const toOpenai = isOpenai(target);
  const names = new FunctionNames(functionsOf(settings).map(({ name }) => name));
  const { messages, degradations } = conversationOf(call, {
    upstream: target.name,
    isOpenai: toOpenai,
    isMistral: /(?:^|\.)mistral\.ai$/.test(hostOf(target)),
    names,
  });
  tellUnknownMembers(call.input, target.name, degradations);
  const format = formatOf(settings.response_format ?? []);
  const body: RequestBody = {
    model: call.model ?? "",
    messages: format?.type === "json_object" ? askingForJson(messages) : messages,
    stream: true,
    stream_options: { include_usage: true },
    ...generationOf(settings.generation_config ?? {}, toOpenai),
    ...toolOptionsOf(settings, names, toOpenai, degradations),
    ...(format === undefined ? {} : { response_format: format }),
    ...tierOf(settings, toOpenai, degradations),
  };
  return { body, degradations, names };
}

/**
 * OpenAI's newer models refuse `max_tokens`, many other servers know nothing else. Google's lowest level of thinking,
 * `minimal`, is OpenAI's too; what a model does not take of this is found out by asking (see `concessions.ts`).
 */
function generationOf(config: GenerationConfig, toOpenai: boolean): Partial<RequestBody> {
  const { temperature, top_p, seed, presence_penalty, frequency_penalty } = config;
  const { stop_sequences: stop, max_output_tokens: most, thinking_level: level } = config;
  const limit = toOpenai ? { max_completion_tokens: most } : { max_tokens: most };
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(top_p === undefined ? {} : { top_p }),
    ...(seed === undefined ? {} : { seed }),
    ...(presence_penalty === undefined ? {} : { presence_penalty }),
    ...(frequency_penalty === undefined ? {} : { frequency_penalty }),
    ...(stop === undefined || stop.length === 0 ? {} : { stop }),
    ...(most === undefined ? {} : limit),
    ...(level === undefined ? {} : { reasoning_effort: level }),
  };
}

/** At most one format of text is left: the others have been refused. */
function formatOf(formats: readonly ResponseFormat[]): RequestBody["response_format"] {
  const [format] = formats;
  if (format?.type !== "text") return undefined;
  if (format.schema !== undefined) {
    const schema = normaliseSchema(format.schema);
    const name = typeof schema.title === "string" ? schema.title.replace(/[^\w-]+/g, "_").slice(0, 64) : "";
    const strict = qualifiesForStrict(schema);
    return { type: "json_schema", json_schema: { name: name === "" ? "answer" : name, schema, strict } };
  }
  return format.mime_type === "application/json" ? { type: "json_object" } : undefined;
}

/** The API refuses to promise JSON where no message speaks of it, and models would go on for ever with blanks. */
function askingForJson(messages: Message[]): Message[] {
  if (speaksOfJson(messages.map(({ role, content }) => (role === "assistant" ? null : content) as JsonValue)))
    return messages;
  const [first, ...rest] = messages;
  const wish = "Answer with JSON.";
  if (first?.role !== "system" || typeof first.content !== "string")
    return [{ role: "system", content: wish }, ...messages];
  return [{ role: "system", content: `${first.content}\n\n${wish}` }, ...rest];
}

function speaksOfJson(said: JsonValue): boolean {
  if (typeof said === "string") return /json/i.test(said);
  if (Array.isArray(said)) return said.some(speaksOfJson);
  return isJsonObject(said) && said.type === "text" && speaksOfJson(said.text ?? "");
}

/** Google's `standard` is OpenAI's `default`; other servers have no tiers. */
function tierOf(settings: Settings, toOpenai: boolean, told: Degradation[]): Partial<RequestBody> {
  const tier = settings.service_tier === "standard" ? "default" : settings.service_tier;
  if (tier === undefined) return {};
  if (toOpenai && (tier === "default" || tier === "flex" || tier === "priority")) return { service_tier: tier };
  told.push({ field: "service_tier", message: `There is no tier '${settings.service_tier}', so none was asked for.` });
  return {};
}

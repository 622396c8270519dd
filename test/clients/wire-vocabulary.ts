import type { Revision } from "../../schema/core/interaction.ts";
import type { JsonObject, JsonValue } from "../../schema/core/json.ts";
import type { Exchange } from "./wire-tap.ts";

const split = (words: string): string[] => words.split(/\s+/).filter((word) => word !== "");

const calledTools = split("function code_execution url_context google_search google_maps file_search");
const toolTypes = [
  ...calledTools.flatMap((tool) => [`${tool}_call`, `${tool}_result`]),
  ...split("mcp_server_tool_call mcp_server_tool_result"),
];
const sharedTypes = split(
  "text image audio video document thought thought_summary thought_signature url_citation file_citation place_citation",
).concat(toolTypes);

const sharedEvent = split("event_type event_id index delta interaction interaction_id status error");
const sharedResource = split(
  "id status usage created updated service_tier object model agent previous_interaction_id system_instruction tools response_format agent_config",
);
const sharedInside = split(
  `type text annotations data uri mime_type resolution sample_rate channels name signature summary id arguments call_id
   result is_error search_type server_name content code message modality tokens count url title start_index end_index
   total_tokens total_input_tokens input_tokens_by_modality total_cached_tokens cached_tokens_by_modality
   total_output_tokens output_tokens_by_modality total_tool_use_tokens tool_use_tokens_by_modality total_thought_tokens
   grounding_tool_count`,
);

type Vocabulary = { events: string[]; event: string[]; resource: string[]; inside: string[]; types: string[] };

/** Every word that a client of a revision knows, in the place where it knows it; taken from the clients' own types. */
const vocabularies: Record<Revision, Vocabulary> = {
  legacy: {
    events: split(
      "interaction.start interaction.status_update content.start content.delta content.stop interaction.complete error",
    ),
    event: [...sharedEvent, "content"],
    // `errors` is none of its words: without it a failed run would give no reason to these clients, which pass it on.
    resource: [
      ...sharedResource,
      ...split("outputs role input response_mime_type response_modalities webhook_config errors"),
    ],
    inside: sharedInside,
    types: [...sharedTypes, "text_annotation"],
  },
  steps: {
    events: split(
      "interaction.created interaction.status_update step.start step.delta step.stop interaction.completed error",
    ),
    event: [...sharedEvent, "step", "usage"],
    resource: [
      ...sharedResource,
      ...split(
        "steps errors labels safety_settings webhook_config environment environment_id generation_config continuation_token",
      ),
    ],
    inside: [...sharedInside, "error"],
    types: [
      ...sharedTypes,
      ...split(
        "user_input model_output arguments_delta text_annotation_delta retrieval_call retrieval_result processing_call processing_result word_info speech_metadata",
      ),
    ],
  },
};

/** Members whose insides are the application's own words, or are said alike in both revisions. */
const opaque = new Set([
  "arguments",
  "result",
  "tools",
  "response_format",
  "agent_config",
  "generation_config",
  "labels",
  "input",
]);

/** What in an answer a client of a revision does not know: member names, types and event names, each with its place. */
export function foreignWords(exchange: Exchange, revision: Revision): string[] {
  const place = `${exchange.method} ${exchange.path}`;
  const { events, event: eventMembers, resource } = vocabularies[revision];
  const messages = exchange.body.startsWith("event: ") ? recordsOf(exchange.body) : [exchange.body.trim()];
  return messages.flatMap((message) => {
    const value = parsed(message);
    if (value === undefined) return [];
    if (value.event_type === undefined) return foreignMembers(value, [...resource, "error"], revision, place);
    const name = String(value.event_type);
    const { interaction, ...others } = value;
    return [
      ...(events.includes(name) ? [] : [`${place}: event ${name}`]),
      ...foreignMembers(others, eventMembers, revision, `${place} ${name}`),
      ...(interaction === undefined ? [] : foreignMembers(interaction as JsonObject, resource, revision, place)),
    ];
  });
}

function foreignMembers(value: JsonObject, known: readonly string[], revision: Revision, place: string): string[] {
  return Object.entries(value).flatMap(([name, member]) => {
    const here = `${place} ${name}`;
    if (!known.includes(name)) return [here];
    return opaque.has(name) ? [] : foreignInside(member, revision, here);
  });
}

function foreignInside(value: JsonValue | undefined, revision: Revision, place: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => foreignInside(item, revision, place));
  if (typeof value !== "object" || value === null) return [];
  const { inside, types } = vocabularies[revision];
  const { type } = value;
  const foreignType = typeof type === "string" && !types.includes(type) && !place.endsWith("grounding_tool_count");
  return [...(foreignType ? [`${place}: type ${type}`] : []), ...foreignMembers(value, inside, revision, place)];
}

/** The data of every whole record; the event's name must be that in its data. */
function recordsOf(body: string): string[] {
  return body.split("\n\n").flatMap((record) => {
    const [, name, data] = /^event: (.*)\ndata: (.*)$/.exec(record) ?? [];
    if (data === undefined || name === "done") return [];
    return parsed(data)?.event_type === name ? [data] : [`{"event_type":"${name}, but not in its data"}`];
  });
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

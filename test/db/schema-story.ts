import type { Event, LoggedEvent } from "../../schema/core/event.ts";
import type { Interaction } from "../../schema/core/interaction.ts";

/** An interaction as it begins, and what is written to its log; the first event comes with it, the last with its end. */
export type Told = { begun: Interaction; events: Event[] };

/** From when on the things of the story happen: 1 June 2026. */
const start = Date.UTC(2026, 5, 1);

/** Text whose words no other text has, some of them outside of ASCII. */
const poem = "Über die Brücke führt ein Weg, その先に山がある. 🏔️";

const image = { type: "image", mime_type: "image/png", data: Buffer.alloc(900, "pixel").toString("base64") } as const;

/** More than is kept as one value since media have pieces. */
const film = {
  type: "video",
  mime_type: "video/mp4",
  data: Buffer.alloc(300_000, "frames of a film. ").toString("base64"),
} as const;

function begunAs(place: number, own: string, told: Partial<Interaction>): Interaction {
  const at = start + place * 60_000;
  return {
    id: own,
    root_id: own,
    status: "in_progress",
    model: "gemini-2.5-flash",
    provider: "simulator",
    revision: "steps",
    store: true,
    background: false,
    created_at: at,
    updated_at: at,
    settings: {},
    input: [{ type: "user_input", content: [{ type: "text", text: `Question number ${place}` }] }],
    output: [],
    ...told,
  };
}

const begins: Event = { type: "status", status: "in_progress" };

/** The log of an interaction with its times. */
export function logOf({ begun, events }: Told): LoggedEvent[] {
  return events.map((event, index) => ({ sequence: index + 1, at: begun.created_at + index * 125, event }));
}

/**
 * A few interactions with every kind of step and content, a branch, labels, tools, errors, media that two of them share, large
 * media, and one that still runs. What a schema has no place for is left out: upstreams and degradations are stored since 2.
 */
export function schemaStory(schema: number): Told[] {
  const upstream: Event[] =
    schema < 2
      ? []
      : [
          { type: "upstream", provider: "second", model: "gemini-2.5-flash-001", id: "upstream-7" },
          {
            type: "degraded",
            degradations: [{ field: "generation_config.seed", message: "Seeds are not passed on." }],
          },
        ];
  return [
    {
      begun: begunAs(0, "v1_root", {
        settings: {
          system_instruction: "Be brief.",
          labels: { team: "maps", tier: "one" },
          tools: [{ type: "function", name: "get_weather", parameters: { type: "object" } }, { type: "google_search" }],
          generation_config: { temperature: 0.5, stop_sequences: ["END"], thinking_level: "low" },
          response_format: [{ type: "text", mime_type: "application/json", schema: { type: "object" } }],
        },
        input: [{ type: "user_input", content: [{ type: "text", text: "What is the weather in Kraków?" }, image] }],
      }),
      events: [
        begins,
        ...upstream,
        { type: "step.start", index: 0, step: { type: "thought" } },
        { type: "step.delta", index: 0, delta: { type: "summary", content: { type: "text", text: "A tool knows." } } },
        {
          type: "step.delta",
          index: 0,
          delta: { type: "signature", signature: { value: "c2ln", provider: "second" } },
        },
        { type: "step.stop", index: 0 },
        {
          type: "step.start",
          index: 1,
          step: { type: "tool_call", tool: "function", call_id: "call-1", name: "get_weather" },
        },
        { type: "step.delta", index: 1, delta: { type: "arguments", text: '{"place": ' } },
        { type: "step.delta", index: 1, delta: { type: "arguments", text: '"Kraków"}' } },
        { type: "step.stop", index: 1 },
        {
          type: "finish",
          status: "requires_action",
          usage: {
            total_tokens: 60,
            total_input_tokens: 40,
            input_tokens_by_modality: [{ modality: "image", tokens: 30 }],
            total_output_tokens: 12,
            total_thought_tokens: 8,
            extra: { newer_counter: 1 },
          },
        },
      ],
    },
    {
      begun: begunAs(1, "v1_answer", {
        previous_id: "v1_root",
        root_id: "v1_root",
        input: [
          {
            type: "tool_result",
            tool: "function",
            call_id: "call-1",
            result: { type: "json", json: { degrees: 7, sky: ["grey"] } },
          },
          { type: "tool_result", tool: "function", call_id: "call-2", name: "get_map", is_error: true },
        ],
      }),
      events: [
        begins,
        { type: "step.start", index: 0, step: { type: "model_output", content: [] } },
        { type: "step.delta", index: 0, delta: { type: "text", text: "Seven degrees " } },
        { type: "step.delta", index: 0, delta: { type: "text", text: "and grey." } },
        {
          type: "step.delta",
          index: 0,
          delta: {
            type: "annotations",
            annotations: [{ type: "url_citation", start_index: 0, end_index: 13, url: "https://weather.example" }],
          },
        },
        { type: "step.delta", index: 0, delta: { type: "content", content: image } },
        { type: "step.stop", index: 0 },
        { type: "finish", status: "completed", usage: { total_tokens: 21, total_cached_tokens: 5 } },
      ],
    },
    {
      begun: begunAs(2, "v1_branch", {
        previous_id: "v1_root",
        root_id: "v1_root",
        model: undefined,
        agent: "deep-research",
        revision: "legacy",
        background: true,
        settings: { labels: { team: "search" }, agent_config: { type: "deep-research", depth: 2 } },
      }),
      events: [
        begins,
        ...upstream,
        {
          type: "step.start",
          index: 0,
          step: { type: "tool_call", tool: "google_search", call_id: "s", arguments: { queries: ["bridges"] } },
        },
        { type: "step.stop", index: 0 },
        {
          type: "step.start",
          index: 1,
          step: {
            type: "tool_result",
            tool: "google_search",
            call_id: "s",
            result: { type: "text", text: "Two pages about bridges" },
          },
        },
        { type: "step.stop", index: 1 },
        {
          type: "step.start",
          index: 2,
          step: {
            type: "tool_call",
            tool: "mcp_server",
            call_id: "m",
            name: "draw",
            server_name: "painter",
            arguments: { size: 3 },
          },
        },
        { type: "step.stop", index: 2 },
        {
          type: "step.start",
          index: 3,
          step: {
            type: "tool_result",
            tool: "mcp_server",
            call_id: "m",
            server_name: "painter",
            result: { type: "content", content: [{ type: "text", text: "Drawn." }, film] },
          },
        },
        { type: "step.stop", index: 3 },
        {
          type: "finish",
          status: "failed",
          errors: [{ code: "upstream_error", message: "The upstream closed the connection." }],
        },
      ],
    },
    {
      begun: begunAs(3, "v1_newer", {
        settings: { labels: { team: "maps" } },
        input: [
          {
            type: "user_input",
            content: [
              { type: "text", text: poem, extra: { emphasis: true } },
              { type: "document", mime_type: "application/pdf", uri: "https://files.example/a.pdf" },
              { type: "other", raw: { type: "hologram", layers: 3 } },
            ],
            extra: { channel: "voice" },
          },
        ],
      }),
      events: [
        begins,
        {
          type: "step.start",
          index: 0,
          step: { type: "tool_call", tool: "other", call_id: "o", raw: { type: "teleport_call", to: "Kraków" } },
        },
        { type: "step.stop", index: 0 },
        { type: "step.start", index: 1, step: { type: "tool_call", tool: "function", call_id: "cut", name: "plan" } },
        { type: "step.delta", index: 1, delta: { type: "arguments", text: '{"days": [1, 2' } },
        { type: "finish", status: "cancelled", errors: [{ code: "cancelled", message: "The client cancelled it." }] },
      ],
    },
    {
      begun: begunAs(4, "v1_incomplete", { provider: "third", model: "third/large" }),
      events: [
        begins,
        {
          type: "step.start",
          index: 0,
          step: { type: "model_output", content: [{ type: "text", text: "It was a dark" }], error: { code: 4 } },
        },
        { type: "step.stop", index: 0 },
        {
          type: "finish",
          status: "incomplete",
          usage: { total_tokens: 9 },
          errors: [{ code: "max_output_tokens", message: "The answer reached its limit." }],
        },
      ],
    },
    {
      begun: begunAs(5, "v1_running", { previous_id: "v1_answer", root_id: "v1_root", background: true }),
      events: [
        begins,
        { type: "step.start", index: 0, step: { type: "model_output", content: [] } },
        { type: "step.delta", index: 0, delta: { type: "text", text: "As far as I" } },
      ],
    },
  ];
}

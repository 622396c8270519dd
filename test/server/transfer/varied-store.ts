import type { Store } from "../../../db/store.ts";
import type { Content } from "../../../schema/core/content.ts";
import type { Event, LoggedEvent } from "../../../schema/core/event.ts";
import { foldLog } from "../../../schema/core/fold.ts";
import { type Interaction, terminalStatuses } from "../../../schema/core/interaction.ts";
import { formatInteractionId, ownPart } from "../../../schema/core/interaction-id.ts";
import { type Step, toolNames } from "../../../schema/core/step.ts";

/** An id that the hub would make at this time, in the chain of a root. */
export function idAt(at: number, root?: number): string {
  const own = (time: number) => ownPart(time, 0, new Uint8Array(12).fill(time % 64));
  return formatInteractionId({ root: own(root ?? at), own: own(at) });
}

const bytes = (length: number, value: number): string => Buffer.alloc(length, value).toString("base64");
const signature = { value: "c2lnbmVk", provider: "gemini" };
/** As the wire may bring them: a number as a name, a name that means something to the language, half of a character. */
const extra = JSON.parse('{"9":1,"b":[null,true,1.5e-7],"__proto__":{"x":"\\ud800"},"a":"\\u0000\\u2028🦊"}');

const contents: Content[] = [
  {
    type: "text",
    text: "",
    annotations: [{ type: "url_citation", start_index: 0, end_index: 0, url: "https://a.example" }],
  },
  { type: "text", text: 'Robert\'); DROP TABLE "interactions";-- \u0000 \u2028 🦊', extra },
  { type: "image", mime_type: "image/png", data: bytes(40, 1), resolution: "high" },
  { type: "audio", mime_type: "audio/l16", data: bytes(300_000, 2), sample_rate: 16_000, channels: 1 },
  { type: "video", uri: "https://a.example/film.mp4", name: "film", processing: { fps: 2 } },
  { type: "document", mime_type: "application/pdf", data: bytes(600_000, 3), extra },
  { type: "image", mime_type: "image/gif", data: "" },
  { type: "other", raw: { type: "hologram", ...extra } },
];

const outputs: Step[] = [
  { type: "thought", summary: contents, signature, extra },
  { type: "model_output", content: contents, error: { code: 13, message: "cut" }, extra },
  ...toolNames.flatMap((tool): Step[] => [
    {
      type: "tool_call",
      tool,
      call_id: `call_${tool}`,
      name: "look_up",
      server_name: "library",
      arguments: { place: "Oslo", ...extra },
      signature,
      ...(tool === "other" ? { raw: { type: "future_call", ...extra } } : {}),
      extra,
    },
    {
      type: "tool_result",
      tool,
      call_id: `call_${tool}`,
      result: { type: "content", content: contents },
      is_error: true,
    },
  ]),
  {
    type: "tool_result",
    tool: "function",
    call_id: "a",
    result: { type: "json", json: [extra, null] },
    signature,
    extra,
  },
  { type: "tool_result", tool: "code_execution", call_id: "b", name: "run", result: { type: "text", text: "42" } },
  { type: "tool_call", tool: "function", call_id: "c", name: "cut", arguments_text: '{"place":"Os' },
];

/** Steps that come in deltas of every kind. */
const streamed: Event[] = [
  { type: "upstream", provider: "second", model: "m-2", id: "resp_1" },
  { type: "degraded", degradations: [{ field: "generation_config.seed", message: "The seed was left out." }] },
  { type: "step.start", index: 0, step: { type: "thought" } },
  { type: "step.delta", index: 0, delta: { type: "summary", content: { type: "text", text: "Hm." } } },
  { type: "step.delta", index: 0, delta: { type: "signature", signature } },
  { type: "step.stop", index: 0 },
  { type: "step.start", index: 1, step: { type: "model_output", content: [] } },
  ...Array.from(
    { length: 600 },
    (_, count): Event => ({
      type: "step.delta",
      index: 1,
      delta: { type: "text", text: `${count} ` },
    }),
  ),
  {
    type: "step.delta",
    index: 1,
    delta: { type: "annotations", annotations: [{ type: "place_citation", end_index: 3 }] },
  },
  { type: "step.delta", index: 1, delta: { type: "content", content: contents[2] ?? { type: "text", text: "" } } },
  { type: "step.delta", index: 1, delta: { type: "other", raw: { type: "future", ...extra } } },
  { type: "step.stop", index: 1 },
  {
    type: "step.start",
    index: 2,
    step: { type: "tool_call", tool: "function", call_id: "f", name: "f", arguments: {} },
  },
  { type: "step.delta", index: 2, delta: { type: "arguments", text: '{"a":' } },
  { type: "step.delta", index: 2, delta: { type: "arguments", text: "1}" } },
  { type: "step.stop", index: 2 },
  { type: "step.start", index: 3, step: { type: "tool_call", tool: "google_search", call_id: "g" } },
  { type: "step.delta", index: 3, delta: { type: "call", arguments: { q: "fox" }, signature, extra } },
  { type: "step.start", index: 4, step: { type: "tool_result", tool: "google_search", call_id: "g" } },
  {
    type: "step.delta",
    index: 4,
    delta: { type: "result", result: { type: "content", content: contents }, is_error: false },
  },
];

const settings: Interaction["settings"] = {
  system_instruction: "Be brief.",
  tools: [
    { type: "function", name: "look_up", parameters: { type: "object", properties: { api_key: { type: "string" } } } },
    { type: "google_search", search_types: ["web"] },
    {
      type: "mcp_server",
      name: "library",
      url: "https://mcp.example",
      allowed_tools: ["a", { mode: "any", tools: ["b"] }],
    },
    { type: "other", raw: { type: "future_tool", ...extra } },
  ],
  generation_config: { temperature: 0.5, seed: 7, tool_choice: { allowed_tools: { mode: "any" } }, extra },
  agent_config: { type: "deep-research", thinking: true },
  response_format: [{ type: "text", mime_type: "application/json", schema: { type: "object" } }],
  environment: "env_1",
  labels: { team: "søk", stage: "" },
  safety_settings: [{ category: "x" }],
  webhook_config: { uri: "https://hook.example" },
  extra,
};

/** Writes an interaction with its log, and ends it unless it is to be left running. */
export async function keep(store: Store, begun: Interaction, events: readonly Event[], end?: Event): Promise<void> {
  const all: Event[] = [{ type: "status", status: "in_progress" }, ...events, ...(end === undefined ? [] : [end])];
  const log: LoggedEvent[] = all.map((event, index) => ({
    sequence: index + 1,
    at: begun.created_at + index * 7,
    event,
  }));
  await store.insert(begun, log.slice(0, 1));
  if (end === undefined) await store.append(begun.id, log.slice(1));
  else await store.finish(foldLog(begun, log), log.slice(1));
}

export function begunAt(at: number, members: Partial<Interaction> = {}): Interaction {
  const id = idAt(at);
  return {
    id,
    root_id: id,
    status: "in_progress",
    model: "m",
    provider: "first",
    revision: "steps",
    store: true,
    background: false,
    created_at: at,
    updated_at: at,
    settings: {},
    input: [{ type: "user_input", content: [{ type: "text", text: `Said at ${at}` }] }],
    output: [],
    ...members,
  };
}

export const whole = (steps: readonly Step[]): Event[] =>
  steps.flatMap((step, index): Event[] => [
    { type: "step.start", index, step },
    { type: "step.stop", index },
  ]);

/** Times of the interactions of `fillVaried`, which make their ids. */
export const times = {
  root: 5000,
  streamed: 6000,
  branch: 7000,
  legacy: 8000,
  running: 9000,
  lost: 4000,
  orphan: 10_000,
};

const next = (at: number, previous: number, root: number, members: Partial<Interaction> = {}) =>
  begunAt(at, {
    id: idAt(at, root),
    root_id: idAt(root),
    previous_id: previous === root ? idAt(root) : idAt(previous, root),
    ...members,
  });

/** A store with everything that an interaction can hold, in chains that branch, that go on, and that have lost their beginning. */
export async function fillVaried(store: Store): Promise<void> {
  const usage = { total_tokens: 9, input_tokens_by_modality: [{ modality: "text", tokens: 3 }], extra };
  const errors = [{ code: "upstream_error", message: "It broke off." }];
  await keep(store, begunAt(times.lost), []);
  const root = begunAt(times.root, { settings, input: [{ type: "user_input", content: contents, extra }, ...outputs] });
  await keep(store, root, whole(outputs), { type: "finish", status: "completed", usage });
  const continued = next(times.streamed, times.root, times.root, { background: true, upstream_model: "m-1" });
  await keep(store, continued, streamed, { type: "finish", status: "requires_action", usage });
  await keep(store, next(times.branch, times.root, times.root), whole(outputs.slice(0, 2)), {
    type: "finish",
    status: "incomplete",
    errors,
  });
  const agent = { model: undefined, agent: "deep-research", revision: "legacy" as const, upstream_model: "real" };
  const { model: _, ...legacy } = begunAt(times.legacy, { ...agent, input: [] });
  await keep(store, legacy, [], { type: "finish", status: "failed", errors });
  await keep(store, begunAt(times.running), streamed.slice(0, 8));
  const orphan = next(times.orphan, times.lost, times.lost);
  await keep(store, orphan, whole(outputs.slice(1, 2)), { type: "finish", status: "cancelled", errors: [] });
  await store.remove(idAt(times.lost));
  for (const [place, status] of terminalStatuses.entries()) {
    // The clock may step back.
    await keep(store, begunAt(3000 + place), [], { type: "finish", status });
  }
}

import fc from "fast-check";
import type { Store } from "../../db/store.ts";
import type { Archive, InteractionFilter, InteractionHead } from "../../schema/archive.ts";
import type { Event } from "../../schema/core/event.ts";
import { foldLog } from "../../schema/core/fold.ts";
import { type Interaction, statuses, terminalStatuses } from "../../schema/core/interaction.ts";
import { formatInteractionId } from "../../schema/core/interaction-id.ts";
import type { Step } from "../../schema/core/step.ts";
import { begins, logFrom } from "../cases/store.ts";

// Stores in which filters find something and leave something out.

export const DAY = 86_400_000;

/** Words that begin alike, differ by accents, or are signs of the index's own language. */
export const vocabulary = [
  "tea",
  "teapot",
  "teapots",
  "lamp",
  "Lamp",
  "très",
  "tres",
  "NEAR",
  "or",
  "日本",
  "get",
  "x1",
];
const word = fc.constantFrom(...vocabulary);
const joint = fc.constantFrom(" ", " ", " ", "\n", "_", "-", ". ", ' "', " * ");
export const prose = fc
  .array(fc.tuple(word, joint), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.map(([one, space]) => one + space).join(""));

const names = ["get_weather", "search", "google_search"];
const models = ["m1", "m2", "m3"];
const labelKeys = ["a", "b"];
const labelValues = ["", "x", "y"];
const labels = fc.dictionary(fc.constantFrom(...labelKeys), fc.constantFrom(...labelValues));
const time = fc.integer({ min: 0, max: 4 * DAY });

const tools = fc.constantFrom("function" as const, "mcp_server" as const, "google_search" as const);
const name = fc.option(fc.constantFrom(...names), { nil: undefined });
const callId = fc.constantFrom("c1", "c2");
const named = (given: string | undefined) => (given === undefined ? {} : { name: given });

const call = fc
  .record({ tool: tools, call_id: callId, name, city: word })
  .map(
    ({ name: given, city, ...rest }): Step => ({ type: "tool_call", ...rest, ...named(given), arguments: { city } }),
  );
const result = fc
  .record({ tool: tools, call_id: callId, name, text: prose, is_error: fc.boolean() })
  .map(({ name: given, text, is_error, ...rest }): Step => {
    return { type: "tool_result", ...rest, ...named(given), result: { type: "text", text }, is_error };
  });
const said = prose.map((text): Step => ({ type: "model_output", content: [{ type: "text", text }] }));
const silent = fc.constant<Step>({ type: "thought" });
const asked = prose.map((text): Step => ({ type: "user_input", content: [{ type: "text", text }] }));
const input = fc.array(fc.oneof({ weight: 3, arbitrary: asked }, call, result, said), { maxLength: 4 });
const output = fc.array(fc.oneof({ weight: 2, arbitrary: said }, call, result, silent), { maxLength: 3 });

const tokens = fc.nat(1000);
const usage = fc.record(
  { total_tokens: tokens, total_input_tokens: tokens, total_output_tokens: tokens, total_thought_tokens: tokens },
  { requiredKeys: [] },
);

/** What becomes of one interaction. Those that come later may go on from it. */
const plan = fc.record({
  parent: fc.option(fc.nat(), { nil: undefined, freq: 2 }),
  created_at: time,
  lasts: fc.nat(5000),
  model: fc.option(fc.constantFrom(...models), { nil: undefined }),
  provider: fc.constantFrom("p1", "p2"),
  labels: fc.option(labels, { nil: undefined }),
  input,
  output,
  status: fc.option(fc.constantFrom(...terminalStatuses), { nil: undefined, freq: 6 }),
  usage: fc.option(usage, { nil: undefined }),
  errors: fc.option(fc.array(fc.constant({ code: "upstream_error", message: "No." }), { maxLength: 1 }), {
    nil: undefined,
  }),
  relabelled: fc.option(labels, { nil: undefined, freq: 5 }),
  removal: fc.nat(4),
});
export type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;
export const plans: fc.Arbitrary<Plan[]> = fc.array(plan, { minLength: 1, maxLength: 14 });

/** Does what is planned; resolves to all that was stored and what is stored still, in the order of arrival. */
export async function carryOut(all: readonly Plan[], { store, archive }: { store: Store; archive: Archive }) {
  const stored: Interaction[] = [];
  for (const [index, one] of all.entries()) {
    const parent = one.parent === undefined ? undefined : stored[one.parent % Math.max(index, 1)];
    stored.push(await writeOne(store, one, `${index}`, parent));
  }
  for (const [index, { relabelled }] of all.entries()) {
    const interaction = stored[index];
    if (interaction === undefined || relabelled === undefined) continue;
    await archive.set_labels(interaction.id, relabelled);
    const { labels: _, ...settings } = interaction.settings;
    interaction.settings = Object.keys(relabelled).length === 0 ? settings : { ...settings, labels: relabelled };
  }
  const kept: Interaction[] = [];
  for (const [index, { removal }] of all.entries()) {
    const interaction = stored[index];
    if (interaction === undefined) continue;
    if (removal === 0) await store.remove(interaction.id);
    else kept.push(interaction);
  }
  return { stored, kept };
}

async function writeOne(store: Store, one: Plan, own: string, parent: Interaction | undefined): Promise<Interaction> {
  const id = formatInteractionId({ root: own, own });
  const begun: Interaction = {
    id,
    root_id: parent?.root_id ?? id,
    ...(parent === undefined ? {} : { previous_id: parent.id }),
    status: "in_progress",
    ...(one.model === undefined ? { agent: "researcher" } : { model: one.model }),
    provider: one.provider,
    revision: "steps",
    store: true,
    background: false,
    created_at: one.created_at,
    updated_at: one.created_at,
    settings: one.labels === undefined ? {} : { labels: one.labels },
    input: one.input,
    output: [],
  };
  await store.insert(begun, begins);
  const events = one.output.flatMap((step, index): Event[] => [{ type: "step.start", index, step }]);
  const log = logFrom(2, ...events).map((event) => ({ ...event, at: one.created_at + one.lasts }));
  if (one.status === undefined) {
    if (log.length > 0) await store.append(id, log);
    return { ...begun, output: foldLog(begun, log).output };
  }
  const { status } = one;
  const finish: Event = {
    type: "finish",
    status,
    ...(one.usage === undefined ? {} : { usage: one.usage }),
    ...(one.errors === undefined ? {} : { errors: one.errors }),
  };
  const end = { sequence: log.length + 2, at: one.created_at + one.lasts, event: finish };
  const ended = foldLog(begun, [...log, end]);
  await store.finish(ended, [...log, end]);
  return ended;
}

const some = <T extends string>(values: readonly T[]) => fc.uniqueArray(fc.constantFrom(...values), { maxLength: 2 });
const label = fc.record(
  { key: fc.constantFrom(...labelKeys, "c"), value: fc.constantFrom(...labelValues, "z") },
  { requiredKeys: ["key"] },
);

/** Queries that find something in such stores, and the signs that people add. */
export const query = fc
  .array(fc.tuple(word, fc.constantFrom(" ", "* ", "_", '" ', ' "')), { minLength: 1, maxLength: 2 })
  .map((parts) => parts.map(([one, sign]) => one + sign).join(""));

/** Filters by everything but ids and roots, which depend on the store: they are given as places in it. */
export const filter: fc.Arbitrary<InteractionFilter & { places?: number[]; rootPlaces?: number[] }> = fc.record(
  {
    places: fc.array(fc.nat(13), { maxLength: 4 }),
    rootPlaces: fc.array(fc.nat(13), { maxLength: 2 }),
    status: some(statuses),
    model: some([...models, "m4"]),
    agent: some(["researcher", "other"]),
    provider: some(["p1", "p2", "p3"]),
    labels: fc.array(label, { maxLength: 2 }),
    created_from: fc.oneof(time, fc.constantFrom(0, DAY)),
    created_before: fc.oneof(time, fc.constantFrom(DAY, 2 * DAY)),
    updated_from: time,
    updated_before: time,
    has_error: fc.boolean(),
    tool: some([...names, "function", "other"]),
    text: query,
    is_root: fc.boolean(),
  },
  { requiredKeys: [] },
);

export function headOf({ input: _input, output: _output, ...head }: Interaction): InteractionHead {
  return head;
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Delta, Event, LoggedEvent, ProviderEvent } from "../../../schema/core/event.ts";
import { blank, fold, foldLog } from "../../../schema/core/fold.ts";
import { Interaction, statuses, terminalStatuses } from "../../../schema/core/interaction.ts";
import type { Step } from "../../../schema/core/step.ts";
import { unfold } from "../../../schema/core/unfold.ts";
import { logged, logOf, providerEvents, step } from "../../cases/arbitraries.ts";

const begun: Interaction = {
  id: "v1_a",
  root_id: "v1_a",
  status: "in_progress",
  model: "m",
  provider: "p",
  revision: "steps",
  store: true,
  background: false,
  created_at: 5,
  updated_at: 5,
  settings: {},
  input: [],
  output: [],
};

/** Any delta of any kind, whether it fits the open step or not. */
const anyDelta: fc.Arbitrary<Delta> = providerEvents
  .map((events) => events.flatMap((event) => (event.type === "step.delta" ? [event.delta] : [])))
  .filter((deltas) => deltas.length > 0)
  .chain((deltas) => fc.constantFrom(...deltas));

const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.constantFrom(...statuses).map((status): Event => ({ type: "status", status })),
  fc.record({ type: fc.constant("step.start" as const), index: fc.integer({ min: -1, max: 3 }), step }),
  fc.record({ type: fc.constant("step.delta" as const), index: fc.integer({ min: -1, max: 3 }), delta: anyDelta }),
  fc.record({ type: fc.constant("step.stop" as const), index: fc.integer({ min: -1, max: 3 }) }),
  fc.constantFrom(...terminalStatuses).map((status): Event => ({ type: "finish", status })),
);

function folded(events: readonly Event[], from = begun): Interaction {
  return events.reduce(fold, from);
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

describe("fold", () => {
  test("takes any events in any order without throwing, and what comes out is an interaction", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 12 }), (events) => {
        expect(Interaction.safeParse(folded(events)).error).toBeUndefined();
      }),
    );
  });

  test("changes neither the interaction nor the event that it is given", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 12 }), (events) => {
        const before = frozen(structuredClone(begun));
        expect(() => folded(frozen(events), before)).not.toThrow();
      }),
    );
  });

  test("lets nothing change after the end", () => {
    fc.assert(
      fc.property(logged, fc.array(anyEvent, { maxLength: 5 }), ({ begun: first, log }, events) => {
        const ended = foldLog(first, log);
        expect(folded(events, ended)).toBe(ended);
      }),
    );
  });

  test.each<[string, Event]>([
    ["a delta for a step that has not begun", { type: "step.delta", index: 1, delta: { type: "text", text: "x" } }],
    ["a delta for a step that is over", { type: "step.delta", index: 0, delta: { type: "text", text: "x" } }],
    ["a delta of another kind", { type: "step.delta", index: 1, delta: { type: "arguments", text: "x" } }],
    ["a start out of order", { type: "step.start", index: 5, step: { type: "thought" } }],
    ["a second start at the same place", { type: "step.start", index: 0, step: { type: "thought" } }],
    ["a stop of a step that is over", { type: "step.stop", index: 0 }],
  ])("ignores %s", (name, event) => {
    const open: Event[] = [
      { type: "step.start", index: 0, step: { type: "thought" } },
      { type: "step.start", index: 1, step: { type: "model_output", content: [] } },
    ];
    const before = folded(name.includes("not begun") ? open.slice(0, 1) : open);
    expect(fold(before, event)).toBe(before);
  });

  test.each<[string, Event]>([
    ["the next start", { type: "step.start", index: 1, step: { type: "thought" } }],
    ["the end", { type: "finish", status: "failed" }],
    ["its stop", { type: "step.stop", index: 0 }],
  ])("makes an object of a call's arguments at %s", (_name, event) => {
    const call: Step = { type: "tool_call", tool: "function", call_id: "c", name: "f" };
    const events: Event[] = [
      { type: "step.start", index: 0, step: call },
      { type: "step.delta", index: 0, delta: { type: "arguments", text: '{"a"' } },
      { type: "step.delta", index: 0, delta: { type: "arguments", text: ":1}" } },
      event,
    ];
    expect(folded(events).output[0]).toEqual({ ...call, arguments: { a: 1 } });
  });

  test("keeps usage and causes of the end, and the time of the last event", () => {
    const errors = [{ code: "safety", message: "No." }];
    const events: ProviderEvent[] = [{ type: "finish", status: "failed", usage: { total_tokens: 3 }, errors }];
    const ended = foldLog(begun, logOf(events, 100));
    expect(ended).toMatchObject({ status: "failed", usage: { total_tokens: 3 }, errors, updated_at: 140 });
    expect(blank(ended)).toEqual(begun);
  });
});

describe("unfold", () => {
  /** Interactions in every state that a log can leave them in. */
  const anywhere = fc
    .tuple(logged, fc.nat())
    .map(([{ begun: first, log }, place]) => foldLog(first, log.slice(0, 1 + (place % log.length))));

  test("gives a log that folds back to the interaction, wherever it stands", () => {
    fc.assert(
      fc.property(anywhere, (interaction) => {
        const again = folded(unfold(interaction), blank(interaction));
        expect({ ...again, updated_at: interaction.updated_at }).toEqual(interaction);
      }),
      { numRuns: 300 },
    );
  });

  test("gives a log to which more can be added just as to the long one", () => {
    fc.assert(
      fc.property(logged, fc.nat(), ({ begun: first, log }, place) => {
        const cut = 1 + (place % log.length);
        const half = foldLog(first, log.slice(0, cut));
        const rest = log.slice(cut).map(({ event }: LoggedEvent) => event);
        const { updated_at: _, ...whole } = foldLog(first, log);
        expect(folded([...unfold(half), ...rest], blank(half))).toMatchObject(whole);
      }),
      { numRuns: 300 },
    );
  });

  test("gives no log that is longer than one start and one stop a step, its ends, and who kept and what was degraded", () => {
    fc.assert(
      fc.property(anywhere, (interaction) => {
        expect(unfold(interaction).length).toBeLessThanOrEqual(4 + 2 * interaction.output.length);
      }),
    );
  });
});

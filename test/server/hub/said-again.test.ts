import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Content } from "../../../schema/core/content.ts";
import { HubError } from "../../../schema/core/error.ts";
import type { Delta, ProviderEvent } from "../../../schema/core/event.ts";
import type { Interaction } from "../../../schema/core/interaction.ts";
import type { Step } from "../../../schema/core/step.ts";
import { restOfAnswer, type Said } from "../../../server/hub/said-again.ts";
import { providerEvents } from "../../cases/arbitraries.ts";
import { foldOf } from "../../cases/provider.ts";
import { answerOf, beginningOf, completed } from "../../cases/scripted-provider.ts";

/** What a log holds of which only the first events were written. */
function saidOf(events: readonly ProviderEvent[]): Said {
  const last = events.findLast(({ type }) => type === "step.start" || type === "step.stop");
  return { interaction: foldOf(events), open: last?.type === "step.start" };
}

async function restOf(said: Said, again: readonly ProviderEvent[], end?: unknown): Promise<ProviderEvent[]> {
  async function* events(): AsyncGenerator<ProviderEvent, void, void> {
    yield* again;
    if (end !== undefined) throw end;
  }
  return Array.fromAsync(restOfAnswer(said, events()));
}

/** Two pieces of the same kind, as one. */
function merged(before: Delta, after: Delta): Delta | undefined {
  if (before.type === "text" && after.type === "text") return { type: "text", text: before.text + after.text };
  if (before.type === "arguments" && after.type === "arguments")
    return { type: "arguments", text: before.text + after.text };
  return undefined;
}

/** The same answer with its texts cut at other places: everything that may be one piece is, then cut after so many characters. */
function recut(events: readonly ProviderEvent[], every: number): ProviderEvent[] {
  const joined: ProviderEvent[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    const both = last?.type === "step.delta" && event.type === "step.delta" && merged(last.delta, event.delta);
    if (both) joined[joined.length - 1] = { type: "step.delta", delta: both };
    else joined.push(event);
  }
  return joined.flatMap((event): ProviderEvent[] => {
    if (event.type !== "step.delta" || !("text" in event.delta) || event.delta.text === "") return [event];
    const { type, text } = event.delta;
    const pieces = text.match(new RegExp(`[^]{1,${every}}`, "g")) ?? [];
    return pieces.map((piece) => ({ type: "step.delta", delta: { type, text: piece } }));
  });
}

/** The same answer as a read shows it: each step whole. */
function asRead(events: readonly ProviderEvent[]): ProviderEvent[] {
  const steps = foldOf(events).output.flatMap((step): ProviderEvent[] => [
    { type: "step.start", step },
    { type: "step.stop" },
  ]);
  return [...events.filter(({ type }) => type === "upstream"), ...steps, ...events.filter((e) => e.type === "finish")];
}

/** Pieces of a summary are contents of their own, wherever they were cut. */
function plain({ output, status, usage, errors, upstream_id }: Interaction): object {
  const steps = output.map((step) => (step.type === "thought" ? { ...step, summary: joined(step.summary) } : step));
  return { steps, status, usage, errors, upstream_id };
}

function joined(contents: readonly Content[] = []): Content[] {
  const done: Content[] = [];
  for (const content of contents) {
    const last = done.at(-1);
    const both = [last, content].every((one) => one?.type === "text" && Object.keys(one).length === 2);
    if (both && last?.type === "text" && content.type === "text")
      done[done.length - 1] = { type: "text", text: last.text + content.text };
    else done.push(content);
  }
  return done;
}

const call: Step = { type: "tool_call", tool: "function", call_id: "c", name: "f" };
const output: Step = { type: "model_output", content: [] };
const begin = (step: Step): ProviderEvent => ({ type: "step.start", step });
const add = (delta: Delta): ProviderEvent => ({ type: "step.delta", delta });
const stop: ProviderEvent = { type: "step.stop" };

describe("an answer that is said again", () => {
  test("adds up to the whole with what was said, wherever that ended and however it is cut the second time", async () => {
    await fc.assert(
      fc.asyncProperty(providerEvents, fc.nat(), fc.integer({ min: 1, max: 9 }), async (events, place, every) => {
        const before = events.slice(0, place % events.length);
        const rest = await restOf(saidOf(before), recut(events, every));
        expect(plain(foldOf([...before, ...rest]))).toEqual(plain(foldOf(events)));
        expect(rest.at(-1)?.type).toBe("finish");
      }),
      { numRuns: 500 },
    );
  });

  test("adds up to the whole with what a read shows, or is refused where that says something else", async () => {
    let joins = 0;
    await fc.assert(
      fc.asyncProperty(providerEvents, fc.nat(), async (events, place) => {
        const before = events.slice(0, place % events.length);
        const rest = await restOf(saidOf(before), asRead(events)).catch((error) => {
          // A signature or a member that was given twice is another one in the end.
          expect(error).toMatchObject({ code: "interrupted" });
          return undefined;
        });
        if (rest === undefined) return;
        joins += 1;
        expect(plain(foldOf([...before, ...rest]))).toEqual(plain(foldOf(events)));
      }),
      { numRuns: 500 },
    );
    expect(joins).toBeGreaterThan(400);
  });

  test("is passed on at once when all was said again, in the midst of a step too", async () => {
    const said = saidOf(beginningOf("half an ", "ans"));
    expect(await restOf(said, answerOf("half", " an answer", " and", " more"))).toEqual([
      add({ type: "text", text: "wer" }),
      ...answerOf("", " and", " more").slice(2),
    ]);
  });

  test("gives nothing of what was said again before", async () => {
    const whole = answerOf("a", "b");
    expect(await restOf(saidOf(whole.slice(0, -1)), whole)).toEqual([completed]);
    const told: ProviderEvent = { type: "upstream", id: "kept" };
    const refused: ProviderEvent = { type: "degraded", degradations: [{ field: "tools", message: "No." }] };
    expect(await restOf(saidOf([refused, told, ...beginningOf("a")]), [told, ...whole])).toEqual([
      add({ type: "text", text: "b" }),
      stop,
      completed,
    ]);
    expect(await restOf(saidOf([told]), [told, ...whole])).toEqual(whole);
  });

  test("goes on with a call that a read shows whole, also where it has no arguments", async () => {
    const shell: Step = { ...call, arguments: {} };
    const said = saidOf([begin(shell), add({ type: "arguments", text: "{" })]);
    const rest = [add({ type: "arguments", text: "}" }), stop, completed];
    expect(await restOf(said, [begin(shell), stop, completed])).toEqual(rest);
    expect(await restOf(said, [begin(shell), add({ type: "arguments", text: "{}" }), stop, completed])).toEqual(rest);
  });

  test("may end with less, where it did not end well", async () => {
    const said = saidOf([...answerOf("a").slice(0, -1), ...beginningOf("b", "c")]);
    for (const status of ["cancelled", "failed", "incomplete"] as const) {
      const finish: ProviderEvent = { type: "finish", status };
      expect(await restOf(said, [...beginningOf("a"), finish])).toEqual([finish]);
    }
  });

  const result: Step = { type: "tool_result", tool: "google_search", call_id: "s" };
  const others: [what: string, said: ProviderEvent[], again: ProviderEvent[]][] = [
    ["another text", beginningOf("half"), answerOf("hale and hearty")],
    ["a shorter text", beginningOf("half"), answerOf("hal")],
    ["a longer text in a step that had ended", [...beginningOf("half"), stop], answerOf("half an answer")],
    ["another kind of step", beginningOf("a"), [begin({ type: "thought" }), stop, completed]],
    ["fewer steps", [...beginningOf("a"), stop, begin(output)], answerOf("a")],
    ["no steps", beginningOf("a"), [completed]],
    [
      "another call",
      [begin(call), add({ type: "arguments", text: '{"a":1' })],
      [begin({ ...call, arguments: { a: 2 } }), stop, completed],
    ],
    ["a call of another function", [begin(call)], [begin({ ...call, name: "g" }), stop, completed]],
    [
      "another result",
      [begin(result), add({ type: "result", result: { type: "text", text: "a" } })],
      [begin({ ...result, result: { type: "text", text: "b" } }), stop, completed],
    ],
    [
      "another signature",
      [begin({ type: "thought", signature: { value: "a" } })],
      [begin({ type: "thought", signature: { value: "b" } }), stop, completed],
    ],
    [
      "another picture",
      [begin({ type: "model_output", content: [{ type: "image", data: "QQ==" }] })],
      [begin({ type: "model_output", content: [{ type: "image", data: "Qg==" }] }), stop, completed],
    ],
    [
      "a delta that does not fit",
      [begin(output), add({ type: "text", text: "a" })],
      [begin({ type: "thought" }), add({ type: "text", text: "a" })],
    ],
  ];

  test.each(others)("is refused where it is %s", async (_what, said, again) => {
    await expect(restOf(saidOf(said), again)).rejects.toMatchObject({
      code: "interrupted",
      message: expect.stringMatching(/could not be taken up again: .* now says something else/),
    });
  });

  test("that cannot be had is interrupted with the reason, and fails as usual once something came of it", async () => {
    const trouble = new HubError("upstream_error", "It has forgotten.", { cause: new Error("404") });
    const said = saidOf(beginningOf("a"));
    await expect(restOf(said, beginningOf("a"), trouble)).rejects.toMatchObject({
      code: "interrupted",
      message:
        "The server stopped before this interaction had ended. It could not be taken up again: It has forgotten.",
      cause: trouble.cause,
    });
    await expect(restOf(said, beginningOf("a", "b"), trouble)).rejects.toBe(trouble);
    const bug = new TypeError("a mistake");
    await expect(restOf(said, [], bug)).rejects.toBe(bug);
  });
});

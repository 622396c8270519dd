import { describe, expect, test } from "vitest";
import type { Event } from "../../../schema/core/event.ts";
import type { JsonValue } from "../../../schema/core/json.ts";
import { AnswerSize } from "../../../server/hub/answer-size.ts";
import { createScriptedHub, requestOf } from "../../cases/scripted-hub.ts";
import { beginningOf, completed } from "../../cases/scripted-provider.ts";

/** Lists within each other. */
function nested(levels: number): JsonValue {
  let value: JsonValue = "core";
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

const start: Event = { type: "step.start", index: 0, step: { type: "model_output", content: [] } };
const said = (text: string): Event => ({ type: "step.delta", index: 0, delta: { type: "text", text } });
const image = (data: string): Event => ({
  type: "step.delta",
  index: 0,
  delta: { type: "content", content: { type: "image", data } },
});

describe("the size of an answer", () => {
  test("is what all its pieces of text have together", () => {
    const size = new AnswerSize({ parts: 5, characters: 100 });
    size.add(start);
    for (let piece = 0; piece < 60; piece += 1) size.add(said("x"));
    expect(() => {
      for (let piece = 0; piece < 60; piece += 1) size.add(said("x"));
    }).toThrow("more than 100 characters");
  });

  test("is how many steps it has, and how many parts these are put together of", () => {
    const size = new AnswerSize({ parts: 3, characters: 1_000 });
    size.add(start);
    size.add(image("AAAA"));
    size.add({ type: "step.stop", index: 0 });
    size.add(start);
    expect(() => size.add(image("AAAA"))).toThrow("more than 3 parts");
  });

  test("does not count the bytes of media", () => {
    const size = new AnswerSize({ parts: 3, characters: 1_000 });
    expect(() => size.add(image("A".repeat(100_000)))).not.toThrow();
  });

  test("counts what is in structures, names and numbers too", () => {
    const size = new AnswerSize({ parts: 3, characters: 1_000 });
    const raw = { type: "odd", list: Array(1_000).fill(0) };
    expect(() => size.add({ type: "step.delta", index: 0, delta: { type: "other", raw } })).toThrow("characters");
  });

  test("is no number of levels", () => {
    const size = new AnswerSize();
    const extra = (levels: number) =>
      size.add({
        type: "step.start",
        index: 0,
        step: { type: "model_output", content: [], extra: { deep: nested(levels) } },
      });
    expect(() => extra(400)).not.toThrow();
    expect(() => extra(100_000)).toThrow("nests deeper than 500 levels");
  });
});

describe("a run whose upstream says ever more", () => {
  test("fails before it is too much to be stored, and keeps what was said", async () => {
    const { hub, provider, bugs } = createScriptedHub();
    const begun = await hub.begin(requestOf());
    const run = await provider.nextRun();
    run.say(...beginningOf());
    for (let piece = 0; piece < 40; piece += 1)
      run.say({ type: "step.delta", delta: { type: "text", text: "x".repeat(2 ** 20) } });
    run.say(completed);
    const ended = await begun.ended();
    expect(ended).toMatchObject({ status: "failed", errors: [{ code: "upstream_error" }] });
    expect(ended.errors?.[0]?.message).toContain("33554432 characters");
    const [step] = (await hub.read(ended.id)).output;
    const kept = step?.type === "model_output" && step.content[0]?.type === "text" ? step.content[0].text.length : 0;
    expect(kept).toBeGreaterThan(30 * 2 ** 20);
    expect(bugs).toEqual([]);
  });

  test("fails where it says what nests so deep that nobody could write it down", async () => {
    const { hub, provider, bugs } = createScriptedHub();
    const begun = await hub.begin(requestOf());
    const run = await provider.nextRun();
    run.say(...beginningOf());
    const annotations = [{ type: "url_citation", odd: nested(100_000) }];
    run.say({ type: "step.delta", delta: { type: "annotations", annotations } }, completed);
    expect(await begun.ended()).toMatchObject({ status: "failed", errors: [{ code: "upstream_error" }] });
    expect(bugs).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import type { CreateRequest } from "../../../schema/core/interaction.ts";
import type { Step } from "../../../schema/core/step.ts";
import { createScriptedHub, refusalOf, requestOf, type ScriptedHub, say } from "../../cases/scripted-hub.ts";
import { answerOf } from "../../cases/scripted-provider.ts";

const model = (text: string): Step => ({ type: "model_output", content: [{ type: "text", text }] });
const call: Step = { type: "tool_call", tool: "function", call_id: "c1", name: "f", arguments: { a: 1 } };
const signed: Step = { type: "thought", signature: { value: "sig", provider: "scripted" } };
const result: Step = {
  type: "tool_result",
  tool: "function",
  call_id: "c1",
  name: "f",
  result: { type: "text", text: "ok" },
};

const asks: ProviderEvent[] = [
  { type: "step.start", step: { type: "thought" } },
  { type: "step.delta", delta: { type: "signature", signature: { value: "sig", provider: "scripted" } } },
  { type: "step.start", step: { type: "tool_call", tool: "function", call_id: "c1", name: "f" } },
  { type: "step.delta", delta: { type: "arguments", text: '{"a":1}' } },
  { type: "step.stop" },
  { type: "finish", status: "requires_action" },
];

/** Runs a request to its end; gives its id and the call that the provider got. */
async function converse({ hub, provider }: ScriptedHub, request: Partial<CreateRequest>, events: ProviderEvent[]) {
  const begun = await hub.begin(requestOf(request));
  const run = await provider.nextRun();
  run.say(...events);
  const { id, root_id, previous_id, input } = await begun.ended();
  return { id, root_id, previous_id, input, call: run.call };
}

const previously = (previous_interaction_id: string) => ({ previous_interaction_id });

describe("a chain", () => {
  test("carries what both sides said, oldest first, and nothing of the settings", async () => {
    const scripted = createScriptedHub();
    const settings = { system_instruction: "Be brief." };
    const one = await converse(scripted, { input: [say("1")], settings }, answerOf("a"));
    const two = await converse(scripted, { input: [say("2")], ...previously(one.id) }, answerOf("b"));
    const three = await converse(scripted, { input: [say("3")], ...previously(two.id) }, answerOf("c"));
    expect(three.call.history).toEqual([say("1"), model("a"), say("2"), model("b")]);
    expect(three.call).toMatchObject({ input: [say("3")], settings: {} });
    expect([two.root_id, three.root_id, three.previous_id]).toEqual([one.id, one.id, two.id]);
  });

  test("branches from any of its interactions, and the branches know nothing of each other", async () => {
    const scripted = createScriptedHub();
    const root = await converse(scripted, { input: [say("1")] }, answerOf("a"));
    const left = await converse(scripted, { input: [say("left")], ...previously(root.id) }, answerOf("l"));
    const right = await converse(scripted, { input: [say("right")], ...previously(root.id) }, answerOf("r"));
    const tip = await converse(scripted, { input: [say("tip")], ...previously(left.id) }, answerOf("t"));
    expect(right.call.history).toEqual([say("1"), model("a")]);
    expect(tip.call.history).toEqual([say("1"), model("a"), say("left"), model("l")]);
    expect(new Set([left.root_id, right.root_id, tip.root_id])).toEqual(new Set([root.id]));
  });

  test("goes on after an interaction that failed, with what it had said", async () => {
    const scripted = createScriptedHub();
    const failed = await converse(scripted, { input: [say("1")] }, [
      ...answerOf("half").slice(0, 2),
      { type: "finish", status: "failed", errors: [{ code: "upstream_error", message: "Gone." }] },
    ]);
    const next = await converse(scripted, { input: [say("2")], ...previously(failed.id) }, answerOf("b"));
    expect(next.call.history).toEqual([say("1"), model("half")]);
  });

  test("is refused on an interaction that nobody knows", async () => {
    const { hub } = createScriptedHub();
    const refused = await refusalOf(hub.begin(requestOf(previously("v1_unknown"))));
    expect(refused).toMatchObject({ code: "invalid_request", field: "previous_interaction_id" });
  });

  test("is refused without repeating all of a long id, of an interaction or a call", async () => {
    const { hub } = createScriptedHub();
    const long = "x".repeat(5000);
    const unknownCall = { ...result, call_id: long, name: long };
    for (const request of [previously(long), { input: [unknownCall] }]) {
      expect((await refusalOf(hub.begin(requestOf(request)))).message.length).toBeLessThan(400);
    }
    expect((await refusalOf(hub.read(long))).message.length).toBeLessThan(400);
  });

  test("is refused on an interaction that still runs", async () => {
    const { hub, provider } = createScriptedHub();
    const { interaction } = await hub.begin(requestOf());
    await provider.nextRun();
    const refused = await refusalOf(hub.begin(requestOf(previously(interaction.id))));
    expect(refused).toMatchObject({ code: "failed_precondition", field: "previous_interaction_id" });
    await hub.close();
  });

  test("is refused where an ancestor was deleted; what was built on it stays readable", async () => {
    const scripted = createScriptedHub();
    const { hub, store } = scripted;
    const one = await converse(scripted, {}, answerOf("a"));
    const two = await converse(scripted, previously(one.id), answerOf("b"));
    await hub.remove(one.id);
    const refused = await refusalOf(hub.begin(requestOf(previously(two.id))));
    expect(refused).toMatchObject({ code: "invalid_request", field: "previous_interaction_id" });
    expect(refused.message).toContain(one.id);
    expect(await hub.read(two.id)).toMatchObject({ status: "completed", previous_id: one.id });
    expect(await store.unfinished()).toEqual([]);
    const deleted = await refusalOf(hub.begin(requestOf(previously(one.id))));
    expect(deleted).toMatchObject({ code: "invalid_request", field: "previous_interaction_id" });
  });
});

describe("steps that a client sends although the chain holds them", () => {
  test.each<[string, Step[]]>([
    ["the call before its result", [call, result]],
    [
      "the thought and the call, without whose signature it is",
      [{ type: "thought", signature: { value: "sig" } }, call, result],
    ],
    ["the whole history", [say("Hello"), { type: "thought", signature: { value: "sig" } }, call, result]],
    ["nothing", [result]],
  ])("are not said twice: %s", async (_name, input) => {
    const scripted = createScriptedHub();
    const one = await converse(scripted, {}, asks);
    const two = await converse(scripted, { input, ...previously(one.id) }, answerOf("done"));
    expect(two.call.history).toEqual([say("Hello"), signed, call]);
    expect(two.call.input).toEqual([result]);
    expect(two.input).toEqual([result]);
  });

  test("leave nothing to say when nothing is new, which is refused", async () => {
    const scripted = createScriptedHub();
    const one = await converse(scripted, {}, answerOf("a"));
    const again = requestOf({ input: [say("Hello"), model("a")], ...previously(one.id) });
    expect(await refusalOf(scripted.hub.begin(again))).toMatchObject({ code: "invalid_request", field: "input" });
  });
});

describe("a function's result", () => {
  test("is refused where no such call was made", async () => {
    const scripted = createScriptedHub();
    const one = await converse(scripted, {}, answerOf("a"));
    for (const request of [{ input: [result] }, { input: [result], ...previously(one.id) }]) {
      const refused = await refusalOf(scripted.hub.begin(requestOf(request)));
      expect(refused).toMatchObject({ code: "invalid_request", field: "input[0].call_id" });
      expect(refused.message).toContain("function response turn comes immediately after a function call turn");
    }
  });

  test("is refused before its call, and names its place as the client sent it", async () => {
    const scripted = createScriptedHub();
    const early = requestOf({ input: [say("a"), result, call] });
    expect(await refusalOf(scripted.hub.begin(early))).toMatchObject({ field: "input[1].call_id" });
    const one = await converse(scripted, { input: [say("Hello")] }, answerOf("a"));
    const input = [say("Hello"), model("a"), say("b"), result];
    const resent = requestOf({ input, ...previously(one.id) });
    expect(await refusalOf(scripted.hub.begin(resent))).toMatchObject({ field: "input[3].call_id" });
  });

  test("is accepted after a call in the same input, which a client without a chain sends", async () => {
    const scripted = createScriptedHub();
    const { call: got } = await converse(scripted, { input: [say("a"), call, result] }, answerOf("b"));
    expect(got.input).toEqual([say("a"), call, result]);
  });
});

import { describe, expect, test } from "vitest";
import { HubError } from "../../../schema/core/error.ts";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import { createScriptedHub, logOf, openMemory, refusalOf, requestOf, say, settle } from "../../cases/scripted-hub.ts";
import { answerOf, beginningOf, completed } from "../../cases/scripted-provider.ts";
import { imageOf } from "../../cases/store.ts";

const text = (...pieces: string[]) => [{ type: "model_output", content: [{ type: "text", text: pieces.join("") }] }];

/** Lets so many microtasks go by. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
}

describe("a run", () => {
  test("is answered before it has ended, and gives in the end what its log says", async () => {
    const { hub, provider, store } = createScriptedHub();
    const begun = await hub.begin(requestOf());
    expect(begun.interaction).toMatchObject({ status: "in_progress", provider: "scripted", output: [] });
    const run = await provider.nextRun();
    run.say(...answerOf("a", "b"));
    const ended = await begun.ended();
    expect(ended).toMatchObject({ status: "completed", output: text("ab"), usage: { total_tokens: 7 } });
    expect(await hub.read(ended.id)).toEqual(ended);
    expect(await store.find(ended.id)).toEqual(ended);
    expect(hub.load()).toEqual({ runs: 0, waiting: 0 });
  });

  test("gives the provider the call, without the hub's own members", async () => {
    const { hub, provider } = createScriptedHub();
    const settings = { system_instruction: "Be brief.", generation_config: { seed: 3 } };
    await hub.begin(requestOf({ model: "models/m-1", settings }));
    const run = await provider.nextRun();
    expect(run.call).toEqual({
      model: "m-1",
      history: [],
      input: [say("Hello")],
      settings,
      store: true,
      background: false,
    });
    await hub.close();
  });

  test("is known to have started with the first event, not before", async () => {
    const { hub, provider } = createScriptedHub();
    const begun = await hub.begin(requestOf());
    const run = await provider.nextRun();
    let started = false;
    void begun.started().then(() => {
      started = true;
    });
    await settle();
    expect(started).toBe(false);
    run.say(...beginningOf());
    await settle();
    expect(started).toBe(true);
    await hub.close();
  });

  test("stores every event before anyone hears of it", async () => {
    const store = openMemory(true);
    const { hub, provider } = createScriptedHub({ store });
    const { interaction } = await hub.begin(requestOf());
    const run = await provider.nextRun();
    run.say(...answerOf("a", "b", "c"));
    const heard: number[] = [];
    for await (const page of hub.follow(interaction.id, 0, new AbortController().signal)) {
      const stored = (await store.events(interaction.id, 0, 100)).map(({ sequence }) => sequence);
      heard.push(...page.map(({ sequence }) => sequence));
      expect(stored).toEqual(expect.arrayContaining(heard));
    }
    expect(heard).toEqual(Array.from({ length: heard.length }, (_, index) => index + 1));
  });

  test.each(Array.from({ length: 25 }, (_, index) => index - 12))(
    "takes every event, at whatever moment of a write the provider says it (%i turns after)",
    async (offset) => {
      const store = openMemory(true);
      let appended = (): void => {};
      const append: typeof store.append = async (id, log) => {
        await store.append(id, log);
        appended();
        await turns(-offset);
      };
      const { hub, provider } = createScriptedHub({ store: { ...store, append } });
      const { interaction } = await hub.begin(requestOf());
      const run = await provider.nextRun();
      run.say(...beginningOf());
      await new Promise<void>((resolve) => {
        appended = resolve;
      });
      await turns(offset);
      run.say({ type: "step.delta", delta: { type: "text", text: "x" } });
      await settle(8);
      expect(await store.events(interaction.id, 0, 10)).toHaveLength(3);
      await hub.close();
    },
  );

  test("lets no provider run far ahead of the store", async () => {
    const store = openMemory(true);
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const append: typeof store.append = async (id, log) => {
      await gate;
      return store.append(id, log);
    };
    const { hub, provider } = createScriptedHub({ store: { ...store, append } });
    const begun = await hub.begin(requestOf());
    const run = await provider.nextRun();
    let taken = 0;
    const piece: ProviderEvent = { type: "step.delta", delta: { type: "text", text: "x" } };
    const counted = new Proxy(piece, {
      get(target, member, receiver) {
        if (member === "delta") taken += 1;
        return Reflect.get(target, member, receiver);
      },
    });
    run.say(...beginningOf(), ...Array.from({ length: 5000 }, () => counted), completed);
    await settle(20);
    expect(taken).toBeGreaterThan(100);
    expect(taken).toBeLessThan(2500);
    open();
    const ended = await begun.ended();
    expect(ended.output).toEqual(text("x".repeat(5000)));
    expect(await logOf(hub, ended.id)).toHaveLength(5003);
  });

  test("is refused when as many run as may, and admitted when one has ended", async () => {
    const { hub, provider } = createScriptedHub({ concurrentRuns: 2 });
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => hub.begin(requestOf())));
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "rejected"]);
    await expect(hub.begin(requestOf())).rejects.toMatchObject({ code: "rate_limit_exceeded", retryAfter: 1 });
    (await provider.nextRun()).say(...answerOf("a"));
    await settle();
    await expect(hub.begin(requestOf())).resolves.toBeDefined();
    await hub.close();
  });

  test("is ended as overdue when it takes longer than a run may", async () => {
    const { hub, provider } = createScriptedHub({ runTime: 20 });
    const begun = await hub.begin(requestOf());
    const run = await provider.nextRun();
    run.say(...beginningOf("I was about to"));
    expect(await begun.ended()).toMatchObject({
      status: "failed",
      errors: [{ code: "deadline_exceeded" }],
      output: text("I was about to"),
    });
    expect(hub.load()).toEqual({ runs: 0, waiting: 0 });
  });

  test("of an unknown model is refused before anything is stored", async () => {
    const { hub, store } = createScriptedHub();
    expect(await refusalOf(hub.begin(requestOf({ model: "unknown-x" })))).toMatchObject({ code: "model_not_found" });
    expect(await store.unfinished()).toEqual([]);
  });

  test("that the provider cannot honour is refused with the member at fault, before anything is stored", async () => {
    const refuse = () => ({ field: "tools[0]", message: "No such tool." });
    const { hub, store } = createScriptedHub({ refuse });
    const refused = await refusalOf(hub.begin(requestOf()));
    expect(refused).toEqual({ code: "invalid_request", field: "tools[0]", message: "No such tool." });
    expect(await store.unfinished()).toEqual([]);
  });
});

describe("a provider that fails", () => {
  test.each<[string, unknown, string, number]>([
    ["with a cause it can name", new HubError("quota_exceeded", "No more today."), "quota_exceeded", 0],
    ["with a defect, which tells nothing", new TypeError("secret of the code"), "internal", 1],
  ])(
    "before its first event %s rejects the start with that cause, and the interaction says so too",
    async (_name, error, code, bugs) => {
      const scripted = createScriptedHub();
      const { hub, provider } = scripted;
      const begun = await hub.begin(requestOf());
      (await provider.nextRun()).fail(error);
      await expect(begun.started()).rejects.toBe(error);
      const ended = await begun.ended();
      expect(ended).toMatchObject({ status: "failed", output: [], errors: [{ code }] });
      expect(JSON.stringify(ended)).not.toContain("secret");
      expect(scripted.bugs).toHaveLength(bugs);
    },
  );

  test("in the middle keeps what it said", async () => {
    const { hub, provider, troubles } = createScriptedHub();
    const begun = await hub.begin(requestOf());
    const run = await provider.nextRun();
    run.say(...beginningOf("half an ans"));
    const lost = new HubError("upstream_error", "Connection lost.", { cause: new Error("ECONNRESET at 10.0.0.1") });
    run.fail(lost);
    const ended = await begun.ended();
    const errors = [{ code: "upstream_error", message: "Connection lost." }];
    expect(ended).toMatchObject({ status: "failed", output: text("half an ans"), errors });
    expect((await logOf(hub, ended.id)).at(-1)?.event).toEqual({ type: "finish", status: "failed", errors });
    expect(troubles).toEqual([lost]);
  });

  test("by leaving without an end is never completed", async () => {
    const { hub, provider } = createScriptedHub();
    const begun = await hub.begin(requestOf());
    const run = await provider.nextRun();
    run.say(...beginningOf("a"), { type: "step.stop" });
    run.leave();
    expect(await begun.ended()).toMatchObject({ status: "failed", errors: [{ code: "upstream_error" }] });
  });

  const misfits: [string, ProviderEvent[]][] = [
    ["a delta before any step", [{ type: "step.delta", delta: { type: "text", text: "x" } }]],
    ["a stop before any step", [{ type: "step.stop" }]],
    [
      "a delta after the step's stop",
      [...beginningOf("a"), { type: "step.stop" }, { type: "step.delta", delta: { type: "text", text: "x" } }],
    ],
    ["a delta of another kind", [...beginningOf("a"), { type: "step.delta", delta: { type: "arguments", text: "{" } }]],
  ];
  test.each(misfits)("by saying %s is cut off there, and its log can be folded", async (_name, events) => {
    const { hub, provider } = createScriptedHub();
    const begun = await hub.begin(requestOf());
    const run = await provider.nextRun();
    run.say(...events, completed);
    const ended = await begun.ended();
    expect(ended).toMatchObject({ status: "failed", errors: [{ code: "upstream_error" }] });
    expect(run.signal.aborted).toBe(true);
    expect(await hub.read(ended.id)).toEqual(ended);
  });

  test("in a way that is none of the hub's has answered, and the interaction tells how", async () => {
    const { hub, provider } = createScriptedHub();
    const begun = await hub.begin(requestOf());
    const errors = [{ code: "safety", message: "Blocked." }];
    (await provider.nextRun()).say({ type: "finish", status: "failed", errors });
    await begun.started();
    expect(await begun.ended()).toMatchObject({ status: "failed", errors });
  });

  test("by its own account rejects a start with the code that it gave, not with another", async () => {
    const { hub, provider } = createScriptedHub();
    const begun = await hub.begin(requestOf());
    const errors = [{ code: "permission_denied", message: "Not for you." }];
    (await provider.nextRun()).say({ type: "finish", status: "failed", errors });
    await expect(begun.started()).rejects.toMatchObject({ code: "permission_denied", message: "Not for you." });
    expect(await begun.ended()).toMatchObject({ status: "failed", errors });
  });

  test("by media that are too large to keep still ends, with that cause, in the store", async () => {
    const { hub, provider, store } = createScriptedHub();
    const begun = await hub.begin(requestOf());
    const run = await provider.nextRun();
    run.say(...beginningOf("Here it is:"));
    await settle();
    run.say({ type: "step.delta", delta: { type: "content", content: imageOf(1, 70_000) } }, completed);
    await settle();
    expect(await store.unfinished()).toEqual([]);
    expect(await hub.read(begun.interaction.id)).toMatchObject({
      status: "failed",
      errors: [{ code: "request_too_large" }],
      output: text("Here it is:"),
    });
    expect((await logOf(hub, begun.interaction.id)).at(-1)?.event.type).toBe("finish");
  });

  test("to hear that it should stop holds nobody up", async () => {
    const { hub, provider } = createScriptedHub({ deaf: true });
    const { interaction } = await hub.begin(requestOf({ background: true }));
    const run = await provider.nextRun();
    run.say(...beginningOf("a"));
    await settle();
    expect(await hub.cancel(interaction.id)).toMatchObject({ status: "cancelled" });
    expect(hub.load().runs).toBe(0);
    run.say(...beginningOf("more"), completed);
    await run.left;
    expect(await hub.read(interaction.id)).toMatchObject({ status: "cancelled", output: text("a") });
  });
});

describe("input", () => {
  test("with media that are too large is refused with it, stores nothing and stops the provider", async () => {
    const { hub, provider, store } = createScriptedHub();
    const input = [{ type: "user_input" as const, content: [imageOf(1, 70_000)] }];
    expect(await refusalOf(hub.begin(requestOf({ input })))).toMatchObject({ code: "request_too_large" });
    await settle();
    expect(await store.unfinished()).toEqual([]);
    expect((await provider.nextRun()).signal.aborted).toBe(true);
    expect(hub.load()).toEqual({ runs: 0, waiting: 0 });
  });
});

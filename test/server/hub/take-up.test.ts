import { describe, expect, test } from "vitest";
import type { Store } from "../../../db/store.ts";
import { HubError } from "../../../schema/core/error.ts";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import { foldLog } from "../../../schema/core/fold.ts";
import type { CreateRequest } from "../../../schema/core/interaction.ts";
import { createScriptedHub, logOf, openMemory, requestOf, say, settle } from "../../cases/scripted-hub.ts";
import { answerOf, beginningOf, completed } from "../../cases/scripted-provider.ts";
import { imageOf, wholeLog } from "../../cases/store.ts";

const told: ProviderEvent = { type: "upstream", id: "kept-1" };

/** A background run as a process leaves it that was killed; its upstream had told its own id. */
async function leaveBehind(store: Store, said: ProviderEvent[], request: Partial<CreateRequest> = {}) {
  const { hub, provider } = createScriptedHub({ store, resumes: true });
  const begun = await hub.begin(requestOf({ background: true, ...request }));
  const run = await provider.nextRun();
  run.say(...said);
  await settle();
  return { interaction: begun.interaction, call: run.call };
}

const interrupted = { status: "failed", errors: [{ code: "interrupted" }] };

describe("a background run that its upstream goes on with", () => {
  test("is taken up by the next process: what was said is not stored again, and the rest is", async () => {
    const store = openMemory(true);
    const picture: ProviderEvent = { type: "step.delta", delta: { type: "content", content: imageOf(3) } };
    const { interaction, call } = await leaveBehind(store, [told, ...beginningOf("half"), picture]);
    const before = await wholeLog(store, interaction.id);
    const { hub, provider } = createScriptedHub({ store, resumes: true });
    expect(await hub.recover()).toEqual({ ended: 0, resumed: 1 });
    expect(hub.load().runs).toBe(1);
    const run = await provider.nextRun();
    expect(run).toMatchObject({ resumed: "kept-1", call });
    const following = logOf(hub, interaction.id);
    run.say(told, ...beginningOf("ha", "lf"), picture, ...answerOf("", " more").slice(2));
    const log = await following;
    expect(log.slice(0, before.length)).toEqual(before);
    expect(log.slice(before.length).map(({ event }) => event.type)).toEqual(["step.delta", "step.stop", "finish"]);
    expect(log.map(({ sequence }) => sequence)).toEqual(log.map((_, index) => index + 1));
    const read = await hub.read(interaction.id);
    expect(read).toEqual(foldLog(interaction, log));
    expect(read).toMatchObject({
      status: "completed",
      upstream_id: "kept-1",
      output: [{ content: [{ text: "half" }, { type: "image" }, { text: " more" }] }],
    });
    expect(await hub.recover()).toEqual({ ended: 0, resumed: 0 });
  });

  test("is asked for with the chain before it and the name that its upstream knows", async () => {
    const store = openMemory(true);
    const first = createScriptedHub({ store });
    const begun = await first.hub.begin(requestOf({ input: [say("One")] }));
    (await first.provider.nextRun()).say(told, ...answerOf("a"));
    await begun.ended();
    const previous_interaction_id = begun.interaction.id;
    await leaveBehind(store, [{ type: "upstream", id: "kept-2" }], { previous_interaction_id, model: "scripted/own" });
    const { hub, provider } = createScriptedHub({ store, resumes: true });
    await hub.recover();
    const { call, resumed } = await provider.nextRun();
    expect(resumed).toBe("kept-2");
    expect(call).toMatchObject({
      model: "own",
      history: [say("One"), { type: "model_output" }],
      history_by: ["scripted", "scripted"],
      anchor: { id: "kept-1", steps: 2 },
      input: [say("Hello")],
      background: true,
    });
  });

  test("is left for the process after the next one, if that closes before it was looked at", async () => {
    const store = openMemory(true);
    const { interaction } = await leaveBehind(store, [told]);
    const { hub } = createScriptedHub({ store, resumes: true });
    await Promise.all([hub.close(), hub.recover()]);
    expect(await store.head(interaction.id)).toMatchObject({ status: "in_progress" });
    const last = createScriptedHub({ store, resumes: true });
    expect(await last.hub.recover()).toEqual({ ended: 0, resumed: 1 });
    await last.hub.close();
    expect(await store.find(interaction.id)).toMatchObject(interrupted);
  });

  test("can be cancelled and removed while it is being taken up, and nothing is written after that", async () => {
    const store = openMemory(true);
    const cancelled = (await leaveBehind(store, [told, ...beginningOf("a")])).interaction.id;
    const removed = (await leaveBehind(store, [told, ...beginningOf("b")])).interaction.id;
    const { hub, provider } = createScriptedHub({ store, resumes: true });
    const [recovered] = await Promise.all([hub.recover(), hub.cancel(cancelled), hub.remove(removed)]);
    expect(recovered).toEqual({ ended: 0, resumed: 2 });
    const runs = [await provider.nextRun(), await provider.nextRun()];
    expect(runs.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    expect((await logOf(hub, cancelled)).at(-1)?.event).toMatchObject({ type: "finish", status: "cancelled" });
    expect(await hub.read(cancelled)).toMatchObject({ status: "cancelled", output: [{ content: [{ text: "a" }] }] });
    expect(await store.find(removed)).toBeUndefined();
    expect(hub.load()).toEqual({ runs: 0, waiting: 0 });
  });

  test("is cancelled there when it is removed before anybody went on with it", async () => {
    const store = openMemory(true);
    const { interaction } = await leaveBehind(store, [told, ...beginningOf("a")]);
    const { hub, provider } = createScriptedHub({ store, resumes: true });
    await expect(logOf(hub, interaction.id)).rejects.toMatchObject({
      code: "interrupted",
      message: expect.stringContaining("nothing runs it at this moment"),
    });
    await hub.remove(interaction.id);
    expect(await provider.nextRun()).toMatchObject({ resumed: "kept-1", signal: { aborted: true } });
    expect(await store.find(interaction.id)).toBeUndefined();
    expect(hub.load()).toEqual({ runs: 0, waiting: 0 });
  });

  test("is interrupted with the reason where it cannot be had, and told to the operator with its cause", async () => {
    const store = openMemory(true);
    const { interaction } = await leaveBehind(store, [told, ...beginningOf("a")]);
    const { hub, provider, troubles } = createScriptedHub({ store, resumes: true });
    await hub.recover();
    (await provider.nextRun()).fail(new HubError("upstream_error", "It is gone.", { cause: new Error("status 404") }));
    await settle();
    expect(await hub.read(interaction.id)).toMatchObject({
      status: "failed",
      errors: [{ code: "interrupted", message: expect.stringContaining("It is gone.") }],
      output: [{ content: [{ text: "a" }] }],
    });
    expect(troubles).toMatchObject([{ code: "interrupted", cause: { message: "status 404" } }]);
  });
});

describe("a run that nobody can go on with", () => {
  const noServers = [{ type: "mcp_server" as const, name: "w", url: "https://w.example" }];
  const cases: [what: string, said: ProviderEvent[], request: Partial<CreateRequest>, resumes: boolean][] = [
    ["that ran in the foreground", [told], { background: false }, true],
    ["of which no id was told", beginningOf("a"), {}, true],
    ["whose upstream does not go on by itself", [told], {}, false],
  ];

  test.each(cases)("%s is interrupted at once", async (_what, said, request, resumes) => {
    const store = openMemory(true);
    const { interaction } = await leaveBehind(store, said, request);
    const { hub } = createScriptedHub({ store, resumes });
    expect(await hub.recover()).toEqual({ ended: 1, resumed: 0 });
    expect(await hub.read(interaction.id)).toMatchObject(interrupted);
  });

  test("whose tools the hub ran itself is interrupted, for the upstream kept only one of its calls", async () => {
    const store = openMemory(true);
    const { interaction } = await leaveBehind(store, [told]);
    await store.remove(interaction.id);
    const withTools = { ...interaction, settings: { tools: noServers } };
    const begins = { sequence: 1, at: 1, event: { type: "status", status: "in_progress" } } as const;
    const kept = { sequence: 2, at: 2, event: { type: "upstream", provider: "scripted", id: "kept-1" } } as const;
    await store.insert(withTools, [begins, kept]);
    const { hub } = createScriptedHub({ store, resumes: true });
    expect(await hub.recover()).toEqual({ ended: 1, resumed: 0 });
  });

  test("whose upstream is not set up any more is interrupted and says so", async () => {
    const store = openMemory(true);
    const { interaction } = await leaveBehind(store, [told]);
    const { hub } = createScriptedHub({ store, resumes: true, name: "another" });
    await hub.recover();
    const [failure] = (await hub.read(interaction.id)).errors ?? [];
    expect(failure?.message).toContain("the upstream 'scripted' is not set up any more");
  });

  test("because its end could not be stored in this very process is interrupted when there is room", async () => {
    const store = openMemory(true);
    const full = () => Promise.reject(new HubError("storage_full", "The disk is full."));
    let isFull = false;
    const { hub, provider } = createScriptedHub({
      resumes: true,
      store: {
        ...store,
        append: (id, log) => (isFull ? full() : store.append(id, log)),
        finish: (interaction, log) => (isFull ? full() : store.finish(interaction, log)),
      },
    });
    const { interaction, ended } = await hub.begin(requestOf({ background: true }));
    const run = await provider.nextRun();
    run.say(told, ...beginningOf("a"));
    await settle();
    isFull = true;
    run.say(completed);
    await expect(ended()).rejects.toMatchObject({ code: "storage_full" });
    await expect(hub.recover()).rejects.toMatchObject({ code: "storage_full" });
    isFull = false;
    expect(await hub.recover()).toEqual({ ended: 1, resumed: 0 });
    expect(await hub.read(interaction.id)).toMatchObject(interrupted);
  });
});

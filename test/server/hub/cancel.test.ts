import { describe, expect, test } from "vitest";
import { createScriptedHub, logOf, openMemory, refusalOf, requestOf, settle } from "../../cases/scripted-hub.ts";
import { answerOf, beginningOf } from "../../cases/scripted-provider.ts";

const background = requestOf({ background: true });

describe("a cancel", () => {
  test("reaches the provider at once, and is answered with the end that is stored", async () => {
    const { hub, provider, store } = createScriptedHub();
    const begun = await hub.begin(background);
    const run = await provider.nextRun();
    run.say(...beginningOf("half"));
    await settle();
    const following = logOf(hub, begun.interaction.id);
    const cancelling = hub.cancel(begun.interaction.id);
    await settle(1);
    expect(run.signal.aborted).toBe(true);
    const cancelled = await cancelling;
    expect(cancelled).toMatchObject({
      status: "cancelled",
      output: [{ content: [{ text: "half" }] }],
      errors: [{ code: "cancelled" }],
    });
    expect(await store.find(cancelled.id)).toEqual(cancelled);
    expect(await begun.ended()).toEqual(cancelled);
    expect((await following).at(-1)?.event).toMatchObject({ type: "finish", status: "cancelled" });
    await run.left;
    expect(hub.load()).toEqual({ runs: 0, waiting: 0 });
  });

  test("that comes twice, also at the same time, is answered the same", async () => {
    const { hub, provider } = createScriptedHub();
    const { interaction } = await hub.begin(background);
    await provider.nextRun();
    const [one, other] = await Promise.all([hub.cancel(interaction.id), hub.cancel(interaction.id)]);
    expect(other).toEqual(one);
    expect(await hub.cancel(interaction.id)).toEqual(one);
    expect(await logOf(hub, interaction.id)).toHaveLength(2);
  });

  test("before the provider has said anything lets the start go on, not fail", async () => {
    const { hub, provider } = createScriptedHub();
    const begun = await hub.begin(background);
    await provider.nextRun();
    await hub.cancel(begun.interaction.id);
    await expect(begun.started()).resolves.toBeUndefined();
  });

  test("of what has ended is refused, and changes nothing", async () => {
    const { hub, provider } = createScriptedHub();
    const begun = await hub.begin(background);
    (await provider.nextRun()).say(...answerOf("a"));
    const ended = await begun.ended();
    const refused = await refusalOf(hub.cancel(ended.id));
    expect(refused.code).toBe("failed_precondition");
    expect(refused.message).toContain("completed");
    expect(await hub.read(ended.id)).toEqual(ended);
  });

  test("of what does not run in the background is refused, and it goes on", async () => {
    const { hub, provider } = createScriptedHub();
    const begun = await hub.begin(requestOf());
    const run = await provider.nextRun();
    expect(await refusalOf(hub.cancel(begun.interaction.id))).toMatchObject({ code: "failed_precondition" });
    expect(run.signal.aborted).toBe(false);
    run.say(...answerOf("a"));
    expect(await begun.ended()).toMatchObject({ status: "completed" });
  });

  test("of an unknown interaction is refused as not found", async () => {
    const { hub } = createScriptedHub();
    expect(await refusalOf(hub.cancel("v1_unknown"))).toMatchObject({ code: "not_found" });
  });

  test("that crosses the provider's own end leaves one end, whichever came first", async () => {
    const statuses = new Set<string>();
    for (let turns = 0; turns < 12; turns += 1) {
      const { hub, provider } = createScriptedHub();
      const begun = await hub.begin(background);
      const run = await provider.nextRun();
      run.say(...answerOf("a"));
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      const outcome = await hub.cancel(begun.interaction.id).catch((error: { code: string }) => error.code);
      const ended = await begun.ended();
      const log = await logOf(hub, ended.id);
      expect(log.filter(({ event }) => event.type === "finish")).toHaveLength(1);
      expect(["cancelled", "completed"]).toContain(ended.status);
      // One that comes just before the provider's end is stored is answered with it, a later one is refused.
      const possible = ended.status === "cancelled" ? [ended] : [ended, "failed_precondition"];
      expect(possible).toContainEqual(outcome);
      statuses.add(ended.status);
      expect(await hub.read(ended.id)).toEqual(ended);
    }
    expect([...statuses].sort()).toEqual(["cancelled", "completed"]);
  });
});

describe("a removal", () => {
  test("stops what runs, ends who follows it, and leaves nothing", async () => {
    const { hub, provider, store } = createScriptedHub();
    const { interaction } = await hub.begin(background);
    const run = await provider.nextRun();
    run.say(...beginningOf("a"));
    await settle();
    const following = logOf(hub, interaction.id).then(
      (log) => log.at(-1)?.event.type,
      (error: { code: string }) => error.code,
    );
    await hub.remove(interaction.id);
    expect(run.signal.aborted).toBe(true);
    expect(["finish", "not_found"]).toContain(await following);
    expect(await store.find(interaction.id)).toBeUndefined();
    await run.left;
    expect(hub.load()).toEqual({ runs: 0, waiting: 0 });
    expect(await refusalOf(hub.read(interaction.id))).toMatchObject({ code: "not_found" });
  });

  test("is refused the second time, also at the same time", async () => {
    const { hub, provider } = createScriptedHub();
    const begun = await hub.begin(requestOf());
    (await provider.nextRun()).say(...answerOf("a"));
    const { id } = await begun.ended();
    const outcomes = await Promise.allSettled([hub.remove(id), hub.remove(id)]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(await refusalOf(hub.remove(id))).toMatchObject({ code: "not_found" });
  });
});

describe("a start that is cut short", () => {
  test("in the store leaves nothing that runs", async () => {
    const store = openMemory(true);
    const insert = async () => {
      throw new Error("The disk is gone.");
    };
    const { hub, provider } = createScriptedHub({ store: { ...store, insert } });
    await expect(hub.begin(requestOf())).rejects.toThrow("The disk is gone.");
    expect((await provider.nextRun()).signal.aborted).toBe(true);
    await settle();
    expect(hub.load()).toEqual({ runs: 0, waiting: 0 });
  });
});

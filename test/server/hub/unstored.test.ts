import { describe, expect, test } from "vitest";
import { createScriptedHub, logOf, refusalOf, requestOf, settle } from "../../cases/scripted-hub.ts";
import { answerOf, beginningOf } from "../../cases/scripted-provider.ts";
import { imageOf } from "../../cases/store.ts";

const unstored = requestOf({ store: false });

describe("an interaction that is not stored", () => {
  test("is answered like any other, and is in neither store once its reader has gone", async () => {
    const { hub, provider, store, ephemeral } = createScriptedHub();
    const reader = new AbortController();
    const begun = await hub.begin(unstored, reader.signal);
    (await provider.nextRun()).say(...answerOf("a"));
    const ended = await begun.ended();
    expect(ended).toMatchObject({ status: "completed", store: false });
    expect(await logOf(hub, ended.id)).toHaveLength(5);
    expect(await store.find(ended.id)).toBeUndefined();
    expect(await ephemeral.find(ended.id)).toEqual(ended);
    reader.abort();
    await settle();
    expect(await ephemeral.find(ended.id)).toBeUndefined();
    expect(await refusalOf(hub.read(ended.id))).toMatchObject({ code: "not_found" });
  });

  test("stops its provider when its reader goes, and those who follow it end without an error", async () => {
    const { hub, provider, store, ephemeral } = createScriptedHub();
    const reader = new AbortController();
    const begun = await hub.begin(unstored, reader.signal);
    const run = await provider.nextRun();
    run.say(...beginningOf("a"));
    await settle();
    const log = logOf(hub, begun.interaction.id, 0, reader);
    const ended = refusalOf(begun.ended());
    await settle();
    reader.abort();
    expect(run.signal.aborted).toBe(true);
    expect(await log).toHaveLength(3);
    expect(await ended).toMatchObject({ code: "cancelled" });
    await run.left;
    await settle();
    expect(hub.load()).toEqual({ runs: 0, waiting: 0 });
    for (const one of [store, ephemeral]) {
      expect(await one.find(begun.interaction.id)).toBeUndefined();
      expect(await one.unfinished()).toEqual([]);
    }
  });

  test("whose reader has gone before it begins is stopped and forgotten too", async () => {
    const { hub, provider, ephemeral } = createScriptedHub();
    const reader = new AbortController();
    reader.abort();
    const begun = await hub.begin(unstored, reader.signal);
    expect((await provider.nextRun()).signal.aborted).toBe(true);
    expect(await refusalOf(begun.ended())).toMatchObject({ code: "cancelled" });
    await settle();
    expect(await ephemeral.find(begun.interaction.id)).toBeUndefined();
    expect(hub.load()).toEqual({ runs: 0, waiting: 0 });
  });

  test("whose input cannot be held is refused and forgotten", async () => {
    const { hub, ephemeral } = createScriptedHub();
    const reader = new AbortController();
    const input = [{ type: "user_input" as const, content: [imageOf(1, 70_000)] }];
    const refused = await refusalOf(hub.begin({ ...unstored, input }, reader.signal));
    expect(refused).toMatchObject({ code: "request_too_large" });
    reader.abort();
    await settle();
    expect(await ephemeral.unfinished()).toEqual([]);
    expect(hub.load()).toEqual({ runs: 0, waiting: 0 });
  });

  test("can be continued by nobody, but may continue what is stored", async () => {
    const { hub, provider } = createScriptedHub();
    const parent = await hub.begin(requestOf());
    (await provider.nextRun()).say(...answerOf("a"));
    const { id } = await parent.ended();
    const reader = new AbortController();
    const child = await hub.begin({ ...unstored, previous_interaction_id: id }, reader.signal);
    const run = await provider.nextRun();
    expect(run.call.history).toHaveLength(2);
    run.say(...answerOf("b"));
    await child.ended();
    const onChild = requestOf({ previous_interaction_id: child.interaction.id });
    expect(await refusalOf(hub.begin(onChild))).toMatchObject({
      code: "invalid_request",
      field: "previous_interaction_id",
    });
    reader.abort();
    await settle();
  });

  test("does not outlive its reader, while one that is stored does", async () => {
    const { hub, provider } = createScriptedHub();
    const reader = new AbortController();
    const stored = await hub.begin(requestOf(), reader.signal);
    const run = await provider.nextRun();
    const ended = refusalOf(stored.ended());
    reader.abort();
    expect(await ended).toMatchObject({ code: "cancelled" });
    expect(run.signal.aborted).toBe(false);
    run.say(...answerOf("a"));
    await run.left;
    await settle();
    expect(await hub.read(stored.interaction.id)).toMatchObject({ status: "completed" });
  });
});

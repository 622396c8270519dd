import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Store } from "../../../db/store.ts";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import { foldLog } from "../../../schema/core/fold.ts";
import type { Upstream } from "../../../schema/provider.ts";
import { sweep } from "../../../server/hub/sweeper.ts";
import { createScriptedHub, logOf, openMemory, refusalOf, requestOf, settle } from "../../cases/scripted-hub.ts";
import { answerOf, beginningOf, createScriptedProvider } from "../../cases/scripted-provider.ts";
import { begunAs, imageOf, storeEnded, wholeLog } from "../../cases/store.ts";

/** A store as a process leaves it that was killed while two interactions ran; a third had ended. */
async function leaveBehind(store: Store) {
  const { hub, provider } = createScriptedHub({ store });
  const input = [{ type: "user_input" as const, content: [imageOf(3)] }];
  const said = await hub.begin(requestOf({ background: true, input }));
  const run = await provider.nextRun();
  run.say(...beginningOf("half an ", "answer"));
  const silent = await hub.begin(requestOf());
  await provider.nextRun();
  const whole = await hub.begin(requestOf());
  (await provider.nextRun()).say(...answerOf("a"));
  const ended = await whole.ended();
  await settle();
  return { said: said.interaction, silent: silent.interaction, ended };
}

describe("what a killed process left running", () => {
  test("is ended as interrupted at the next start, with what it had said", async () => {
    const store = openMemory(true);
    const { said, silent, ended } = await leaveBehind(store);
    const before = await wholeLog(store, said.id);
    const { hub } = createScriptedHub({ store });
    expect(await hub.recover()).toEqual({ ended: 2, resumed: 0 });
    const errors = [{ code: "interrupted", message: expect.any(String) }];
    const recovered = await hub.read(said.id);
    expect(recovered).toMatchObject({ status: "failed", errors, input: said.input });
    expect(recovered.output).toEqual([{ type: "model_output", content: [{ type: "text", text: "half an answer" }] }]);
    expect(await hub.read(silent.id)).toMatchObject({ status: "failed", errors, output: [] });
    expect(await hub.read(ended.id)).toEqual(ended);
    const log = await logOf(hub, said.id);
    expect(log.slice(0, -1)).toEqual(before);
    expect(log.at(-1)).toMatchObject({ sequence: before.length + 1, event: { type: "finish", status: "failed" } });
    expect(foldLog(said, log)).toEqual(recovered);
  });

  test("is ended once, and never while it runs", async () => {
    const { hub, provider, store } = createScriptedHub();
    await leaveBehind(store);
    const begun = await hub.begin(requestOf());
    const run = await provider.nextRun();
    expect(await hub.recover()).toEqual({ ended: 2, resumed: 0 });
    expect(await hub.recover()).toEqual({ ended: 0, resumed: 0 });
    run.say(...answerOf("a"));
    expect(await begun.ended()).toMatchObject({ status: "completed" });
  });

  test("can be continued, cancelled no more, and removed", async () => {
    const store = openMemory(true);
    const { said } = await leaveBehind(store);
    const { hub, provider } = createScriptedHub({ store });
    await hub.recover();
    expect(await refusalOf(hub.cancel(said.id))).toMatchObject({ code: "failed_precondition" });
    const next = await hub.begin(requestOf({ previous_interaction_id: said.id }));
    expect((await provider.nextRun()).call.history).toHaveLength(2);
    await hub.remove(said.id);
    expect(await store.find(said.id)).toBeUndefined();
    await hub.close();
    expect(await hub.read(next.interaction.id)).toMatchObject({ status: "failed" });
  });
});

describe("a hub that closes", () => {
  test("ends what runs as interrupted, tells those who follow, and takes nothing new", async () => {
    const { hub, provider, store, ephemeral } = createScriptedHub();
    const reader = new AbortController();
    const stored = await hub.begin(requestOf());
    const run = await provider.nextRun();
    run.say(...beginningOf("half"));
    const unstored = await hub.begin(requestOf({ store: false }), reader.signal);
    const other = await provider.nextRun();
    await settle();
    const logs = [logOf(hub, stored.interaction.id), logOf(hub, unstored.interaction.id)];
    await hub.close();
    for (const log of await Promise.all(logs)) {
      expect(log.at(-1)?.event).toMatchObject({ type: "finish", status: "failed", errors: [{ code: "interrupted" }] });
    }
    expect([run.signal.aborted, other.signal.aborted]).toEqual([true, true]);
    expect(await store.find(stored.interaction.id)).toMatchObject({
      status: "failed",
      output: [{ content: [{ text: "half" }] }],
    });
    expect(await store.unfinished()).toEqual([]);
    expect(await ephemeral.unfinished()).toEqual([]);
    expect(await refusalOf(unstored.started())).toMatchObject({ code: "interrupted" });
    expect(await refusalOf(hub.begin(requestOf()))).toMatchObject({ code: "unavailable" });
    expect(hub.load()).toEqual({ runs: 0, waiting: 0 });
    expect(await hub.recover()).toEqual({ ended: 0, resumed: 0 });
  });

  test("lets providers tell their upstreams of it, but does not wait for ever", async () => {
    const told: string[] = [];
    async function* run(_call: unknown, signal: AbortSignal): AsyncGenerator<ProviderEvent, void, void> {
      try {
        yield* beginningOf("half");
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      } finally {
        await wait(30);
        told.push("goodbye");
        await new Promise(() => {});
      }
    }
    const { upstream } = createScriptedProvider();
    const leaving: Upstream = { ...upstream, provider: { ...upstream.provider, run } };
    const { hub } = createScriptedHub({ catalog: { upstreams: [leaving] } });
    const { started, interaction } = await hub.begin(requestOf());
    await started();
    const since = performance.now();
    await hub.close();
    expect(told).toEqual(["goodbye"]);
    expect(performance.now() - since).toBeLessThan(4_000);
    expect(await hub.read(interaction.id)).toMatchObject({ status: "failed", errors: [{ code: "interrupted" }] });
  });

  test("lets no request slip in that was being looked at when it closed", async () => {
    const { hub, store } = createScriptedHub();
    const late = refusalOf(hub.begin(requestOf()));
    const closed = hub.close();
    expect(await late).toMatchObject({ code: "unavailable" });
    await closed;
    expect(await store.unfinished()).toEqual([]);
  });
});

describe("the sweeper", () => {
  test("removes what has outlived its time by its status, however much it is, and never what runs", async () => {
    const { hub, provider, store } = createScriptedHub();
    for (let index = 0; index < 450; index += 1) {
      await storeEnded(store, begunAs(`c-${index}`), { status: "completed", at: 1000 });
    }
    const failed = await storeEnded(store, begunAs("failed"), { status: "failed", at: 1000 });
    const { interaction } = await hub.begin(requestOf());
    await provider.nextRun();
    const keep = { completed: 10, failed: null, cancelled: 10, incomplete: 10, requires_action: 10 };
    let pauses = 0;
    const pause = async () => {
      pauses += 1;
    };
    const nobody = new AbortController().signal;
    expect(await sweep(store, keep, 1010, pause, nobody)).toBe(0);
    expect(await sweep(store, keep, 1011, pause, nobody)).toBe(450);
    expect(await sweep(store, keep, 1e15, pause, nobody)).toBe(0);
    expect(pauses).toBe(2);
    expect(await store.head(failed.id)).toBeDefined();
    expect(await store.head(interaction.id)).toBeDefined();
    await hub.close();
  });
});

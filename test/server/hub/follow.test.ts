import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldLog } from "../../../schema/core/fold.ts";
import { providerEvents } from "../../cases/arbitraries.ts";
import { createScriptedHub, logOf, requestOf, settle } from "../../cases/scripted-hub.ts";
import { answerOf, beginningOf, completed } from "../../cases/scripted-provider.ts";

const stop = { type: "step.stop" } as const;

describe("a follower", () => {
  test("hears the same whether it joins before, while or after the provider speaks", async () => {
    const { hub, provider } = createScriptedHub();
    const { interaction } = await hub.begin(requestOf());
    const run = await provider.nextRun();
    const before = logOf(hub, interaction.id);
    run.say(...beginningOf("a"));
    await settle();
    const during = logOf(hub, interaction.id);
    run.say(...beginningOf("b"));
    await settle();
    run.say(stop, completed);
    const [first, second] = await Promise.all([before, during]);
    const after = await logOf(hub, interaction.id);
    expect(first).toHaveLength(8);
    expect(second).toEqual(first);
    expect(after).toEqual(first);
    expect(hub.load()).toEqual({ runs: 0, waiting: 0 });
  });

  test("folds what it hears to what is stored, whatever the provider says and however it is cut", async () => {
    await fc.assert(
      fc.asyncProperty(providerEvents, fc.array(fc.nat(6), { maxLength: 6 }), async (events, sizes) => {
        const { hub, provider, store } = createScriptedHub();
        const { interaction } = await hub.begin(requestOf());
        const run = await provider.nextRun();
        const live = logOf(hub, interaction.id);
        let said = 0;
        for (const size of sizes) {
          run.say(...events.slice(said, said + size));
          said += size;
          await settle(size);
        }
        run.say(...events.slice(said));
        const log = await live;
        const stored = await store.find(interaction.id);
        expect(foldLog(interaction, log)).toEqual(stored);
        for (const { sequence } of log) {
          expect(await logOf(hub, interaction.id, sequence)).toEqual(log.slice(sequence));
        }
      }),
      { numRuns: 60 },
    );
  });

  test("who has everything already is told that there is no more", async () => {
    const { hub, provider } = createScriptedHub();
    const begun = await hub.begin(requestOf());
    (await provider.nextRun()).say(...answerOf("a"));
    const { id } = await begun.ended();
    const log = await logOf(hub, id);
    expect(await logOf(hub, id, log.length)).toEqual([]);
    expect(await logOf(hub, id, log.length + 5)).toEqual([]);
  });

  test("who does not take what is there costs no ticket and delays nobody", async () => {
    const { hub, provider } = createScriptedHub();
    const begun = await hub.begin(requestOf());
    const run = await provider.nextRun();
    const slow = hub.follow(begun.interaction.id, 0, new AbortController().signal);
    await slow.next();
    run.say(...beginningOf(...Array.from({ length: 2000 }, () => "x")), stop, completed);
    await begun.ended();
    expect(hub.load()).toEqual({ runs: 0, waiting: 0 });
    expect(await logOf(hub, begun.interaction.id)).toHaveLength(2004);
    let rest = 0;
    for await (const page of slow) {
      expect(page.length).toBeLessThanOrEqual(256);
      rest += page.length;
    }
    expect(rest).toBeGreaterThanOrEqual(2002);
  });

  test("who leaves while it waits ends at once, and leaves nothing behind", async () => {
    const { hub, provider } = createScriptedHub();
    const { interaction } = await hub.begin(requestOf({ background: true }));
    await provider.nextRun();
    const readers = Array.from({ length: 20 }, () => new AbortController());
    const logs = readers.map((reader) => logOf(hub, interaction.id, 0, reader));
    await settle();
    expect(hub.load().waiting).toBe(20);
    for (const reader of readers) reader.abort();
    expect((await Promise.all(logs)).map((log) => log.length)).toEqual(readers.map(() => 1));
    expect(hub.load()).toEqual({ runs: 1, waiting: 0 });
    await hub.cancel(interaction.id);
    expect(hub.load()).toEqual({ runs: 0, waiting: 0 });
  });

  test("who has left before it came hears nothing", async () => {
    const { hub, provider } = createScriptedHub();
    const { interaction } = await hub.begin(requestOf());
    await provider.nextRun();
    const reader = new AbortController();
    reader.abort();
    expect(await logOf(hub, interaction.id, 0, reader)).toEqual([]);
    await hub.close();
  });

  test("who stops taking between two pages lets go of its place", async () => {
    const { hub, provider } = createScriptedHub();
    const { interaction } = await hub.begin(requestOf());
    await provider.nextRun();
    const pages = hub.follow(interaction.id, 0, new AbortController().signal);
    await pages.next();
    await pages.return();
    expect(hub.load().waiting).toBe(0);
    await hub.close();
  });

  test("of an unknown interaction is refused", async () => {
    const { hub } = createScriptedHub();
    await expect(logOf(hub, "v1_unknown")).rejects.toMatchObject({ code: "not_found" });
  });

  test("learns which sequences a log holds", async () => {
    const { hub, provider } = createScriptedHub();
    const begun = await hub.begin(requestOf());
    (await provider.nextRun()).say(...answerOf("a"));
    const { id } = await begun.ended();
    expect(await Promise.all([0, 1, 5, 6].map((sequence) => hub.holds(id, sequence)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

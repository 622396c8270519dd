import { describe, expect, test } from "vitest";
import type { ProviderEvent } from "../../../../../schema/core/event.ts";
import { encodeEventCursor } from "../../../../../schema/graphql/event-cursor.ts";
import { changeSource } from "../../../../../server/fronts/graphql/live/change-source.ts";
import { eventSource } from "../../../../../server/fronts/graphql/live/event-source.ts";
import { stateSource } from "../../../../../server/fronts/graphql/live/state-source.ts";
import { refusalOf, requestOf, settle } from "../../../../cases/scripted-hub.ts";
import { until } from "../../../../cases/until.ts";
import { answerOf, type OpenEngine, openEngine, storeSaid } from "../open-engine.ts";

const word = (text: string): ProviderEvent => ({ type: "step.delta", delta: { type: "text", text } });

/** Begins a run that says nothing yet. */
async function beginRun({ hub, provider }: OpenEngine) {
  const begun = await hub.begin(requestOf({ background: true }));
  const run = await provider.nextRun();
  return { id: begun.interaction.id, run, ended: begun.ended };
}

const sourcesOf = ({ hub, archive }: OpenEngine) => ({ hub, archive, upstreams: async () => [] });

describe("the source of an interaction's states", () => {
  test("gives a state at once, then few of many, and the last one in any case", async () => {
    const engine = openEngine();
    const { id, run } = await beginRun(engine);
    run.say({ type: "step.start", step: answerOf("") });
    const states: string[] = [];
    const all = (async () => {
      for await (const state of await stateSource(id, sourcesOf(engine))) {
        const [step] = state.output ?? [];
        const text = step?.type === "model_output" && step.content[0]?.type === "text" ? step.content[0].text : "";
        states.push(`${state.status} ${text.length}`);
      }
    })();
    await until(() => states.length > 0);
    const begun = performance.now();
    for (let words = 0; words < 400; words += 1) {
      run.say(word("x"));
      if (words % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    run.say({ type: "step.stop" }, { type: "finish", status: "completed" });
    run.leave();
    await all;
    const most = (performance.now() - begun) / 50 + 3;
    expect(states.at(-1)).toBe("completed 400");
    expect(states.length).toBeGreaterThan(3);
    expect(states.length).toBeLessThanOrEqual(most);
    expect(engine.hub.load()).toEqual({ runs: 0, waiting: 0 });
  });

  test("tells labels that are set while it runs and says nothing, and no change of others", async () => {
    const engine = openEngine();
    const { id, run } = await beginRun(engine);
    const labels: unknown[] = [];
    const all = (async () => {
      for await (const state of await stateSource(id, sourcesOf(engine))) labels.push(state.settings.labels);
    })();
    await until(() => labels.length === 1);
    await storeSaid(engine.store, "another");
    await engine.archive.set_labels(id, { team: "one" });
    await until(() => labels.length === 2);
    await engine.archive.set_labels(id, { team: "two" });
    run.say({ type: "finish", status: "completed" });
    run.leave();
    await all;
    expect(labels.slice(0, 2)).toEqual([undefined, { team: "one" }]);
    expect(labels.at(-1)).toEqual({ team: "two" });
    expect(labels.length).toBeLessThanOrEqual(4);
  });

  test("of what has ended is one state, and of what is not stored none", async () => {
    const engine = openEngine();
    const { id } = await storeSaid(engine.store, "one");
    const states = await Array.fromAsync(await stateSource(id, sourcesOf(engine)));
    expect(states).toMatchObject([{ status: "completed", input: [{}], output: [{}] }]);
    expect((await refusalOf(stateSource("v1_nothing", sourcesOf(engine)))).code).toBe("not_found");
  });

  test("ends at once when its reader leaves, whatever it waits for", async () => {
    const engine = openEngine();
    const { id } = await beginRun(engine);
    const states = (await stateSource(id, sourcesOf(engine)))[Symbol.asyncIterator]();
    await states.next();
    const next = states.next();
    await until(() => engine.hub.load().waiting === 1);
    await states.return?.();
    await next;
    expect(engine.hub.load().waiting).toBe(0);
  });
});

describe("the source of an interaction's events", () => {
  test("begins where a cursor says, and refuses one that is none", async () => {
    const engine = openEngine();
    const { id } = await storeSaid(engine.store, "one");
    const source = await eventSource(id, encodeEventCursor(id, 2), sourcesOf(engine));
    const events = await Array.fromAsync(source);
    expect(events.map(({ logged }) => logged.event.type)).toEqual(["step.stop", "finish"]);
    const refused = [encodeEventCursor(id, 99), "nonsense", encodeEventCursor("v1_another-one-of-them", 1)];
    for (const after of refused) {
      const { code, field } = await refusalOf(eventSource(id, after, sourcesOf(engine)));
      expect({ code, field }).toEqual({ code: "invalid_request", field: "after" });
    }
    expect((await refusalOf(eventSource("v1_nothing", null, sourcesOf(engine)))).code).toBe("not_found");
  });
});

describe("the source of all changes", () => {
  test("begins now or behind a cursor, and tells what begins, ends, is labelled and is removed", async () => {
    const engine = openEngine();
    const { id: earlier } = await storeSaid(engine.store, "earlier");
    const source = await changeSource({}, undefined, sourcesOf(engine));
    const changes = source[Symbol.asyncIterator]();
    const told = async () => {
      const { value } = await changes.next();
      return value === undefined
        ? undefined
        : { kind: value.kind, id: value.change?.id, status: value.change?.interaction?.status };
    };
    const { id, run, ended } = await beginRun(engine);
    expect(await told()).toEqual({ kind: "changed", id, status: "in_progress" });
    run.say({ type: "finish", status: "completed" });
    run.leave();
    await ended();
    expect(await told()).toEqual({ kind: "changed", id, status: "completed" });
    await engine.archive.set_labels(earlier, { team: "two" });
    expect(await told()).toEqual({ kind: "changed", id: earlier, status: "completed" });
    await engine.hub.remove(earlier);
    expect(await told()).toEqual({ kind: "removed", id: earlier, status: undefined });
    const waiting = changes.next();
    await settle();
    await changes.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  test("is narrowed by a filter, and refuses one that cannot be, and a cursor that is none", async () => {
    const engine = openEngine();
    const source = await changeSource({ model: ["other"] }, undefined, sourcesOf(engine));
    const changes = source[Symbol.asyncIterator]();
    const next = changes.next();
    await storeSaid(engine.store, "one");
    const { id } = await storeSaid(engine.store, "two", {}, { model: "other" });
    expect((await next).value?.change?.id).toBe(id);
    await changes.return?.();
    const ids = Array.from({ length: 5000 }, (_, index) => `v1_${index}`);
    expect((await refusalOf(changeSource({ ids }, undefined, sourcesOf(engine)))).code).toBe("invalid_request");
    expect((await refusalOf(changeSource({}, "nonsense", sourcesOf(engine)))).field).toBe("after");
  });
});

import { describe, expect, test } from "vitest";
import type { ProviderEvent } from "../../../../schema/core/event.ts";
import type { ModelCall } from "../../../../schema/provider.ts";
import { imageOf } from "../../../cases/store.ts";
import { answerOf, type OpenEngine, openEngine, storeChain, storeSaid } from "./open-engine.ts";

const fork = `mutation($input: ForkInteractionInput!) {
  forkInteraction(input: $input) {
    ... on ForkInteractionSuccess {
      interaction { id previousId rootId model agent outputText }
      interactions { id previousId model steps(side: input) { ... on UserInput { text } } }
      stopped { code message }
    }
    ... on Refusal { code field message }
  }
}`;

type Forked = {
  forkInteraction: {
    interaction: { id: string; previousId: string | null; model: string };
    interactions: { id: string; previousId: string | null; model: string; steps: { text: string }[] }[];
    stopped: { code: string; message: string } | null;
    code?: string;
  };
};

const fine: ProviderEvent[] = [
  { type: "step.start", step: answerOf("Fine.") },
  { type: "step.stop" },
  { type: "finish", status: "completed" },
];

/** Answers so many runs, each with its events; gives what was asked. */
async function answerRuns({ provider }: OpenEngine, ...answers: ProviderEvent[][]): Promise<ModelCall[]> {
  const calls: ModelCall[] = [];
  for (const events of answers) {
    const run = await provider.nextRun();
    calls.push(run.call);
    run.say(...events);
    run.leave();
  }
  return calls;
}

describe("a fork of one interaction", () => {
  const settings = {
    system_instruction: "Be brief.",
    generation_config: { temperature: 0.2, seed: 7 },
    tools: [{ type: "google_search" as const }],
    labels: { team: "one" },
  };

  test("goes on from where that one did, and asks the same of another model", async () => {
    const engine = openEngine();
    const [before] = await storeChain(engine.store, ["before"]);
    const links = { root_id: before.root_id, previous_id: before.id };
    const original = await storeSaid(engine.store, "original", { asked: "How?" }, { ...links, model: "old", settings });
    const answer = engine.ask<Forked>(fork, { input: { from: original.id, model: "scripted-model" } });
    const [call] = await answerRuns(engine, fine);
    expect(call).toMatchObject({ model: "scripted-model", settings, history: [{}, {}] });
    expect(call?.input).toEqual(original.input);
    const { forkInteraction } = await answer;
    expect(forkInteraction.interaction).toMatchObject({
      previousId: before.id,
      rootId: before.id,
      model: "scripted-model",
    });
    expect(forkInteraction.interaction.id).not.toBe(original.id);
    expect(forkInteraction.stopped).toBeNull();
  });

  test("changes what is given, member by member in a configuration, and null takes away", async () => {
    const engine = openEngine();
    const original = await storeSaid(engine.store, "original", {}, { settings });
    const input = {
      from: original.id,
      input: "Otherwise",
      systemInstruction: null,
      generationConfig: { temperature: 1, seed: null, topP: 0.5 },
      labels: [],
    };
    const answer = engine.ask<Forked>(fork, { input });
    const [call] = await answerRuns(engine, fine);
    expect(call?.settings).toEqual({
      generation_config: { temperature: 1, top_p: 0.5 },
      tools: [{ type: "google_search" }],
      labels: {},
    });
    expect(call?.input).toEqual([{ type: "user_input", content: [{ type: "text", text: "Otherwise" }] }]);
    await answer;
  });

  test("asks an agent where it was a model, and keeps the media of the input", async () => {
    const engine = openEngine();
    const image = imageOf(4);
    const content = [{ type: "text" as const, text: "Look" }, image];
    const original = await storeSaid(
      engine.store,
      "original",
      {},
      { settings, input: [{ type: "user_input", content }] },
    );
    const answer = engine.ask<Forked>(fork, { input: { from: original.id, agent: "scripted-agent", tools: null } });
    const [call] = await answerRuns(engine, fine);
    expect(call).toMatchObject({ agent: "scripted-agent", input: [{ type: "user_input", content }] });
    expect(call?.settings).not.toHaveProperty("generation_config");
    expect((await answer).forkInteraction.interaction).toMatchObject({ agent: "scripted-agent", model: null });
  });

  test.each([
    [{ from: "v1_nothing" }, { code: "not_found" }],
    [{ model: "a", agent: "b" }, { code: "invalid_request" }],
    [{ through: "v1_nothing" }, { code: "invalid_request", field: "through" }],
    [
      { background: true, through: "v1_nothing" },
      { code: "invalid_request", field: "background" },
    ],
    [{ generationConfig: { temperature: 9 } }, { code: "invalid_request", field: "generation_config.temperature" }],
  ])("with %j is refused", async (input, refusal) => {
    const { ask, store } = openEngine();
    const { id } = await storeSaid(store, "original");
    expect((await ask<Forked>(fork, { input: { from: id, ...input } })).forkInteraction).toMatchObject(refusal);
  });
});

describe("a fork of a chain's tail", () => {
  async function open() {
    const engine = openEngine();
    const [a, b, c, d] = await storeChain(engine.store, ["a", "b", "c", "d"]);
    const rerun = (input: object) =>
      engine.ask<Forked>(fork, { input: { from: b.id, through: d.id, model: "scripted-model", ...input } });
    return { ...engine, engine, a, b, c, d, rerun };
  }

  test("asks one after the other on another model, as a new branch", async () => {
    const { engine, a, rerun } = await open();
    const answer = rerun({ input: "Changed" });
    const calls = await answerRuns(engine, fine, fine, fine);
    expect(calls.map(({ history }) => history.length)).toEqual([2, 4, 6]);
    const { interactions, stopped } = (await answer).forkInteraction;
    expect(stopped).toBeNull();
    expect(interactions.map(({ steps }) => steps[0]?.text)).toEqual(["Changed", "Hello from c", "Hello from d"]);
    const ids = interactions.map(({ id }) => id);
    expect(interactions.map(({ previousId }) => previousId)).toEqual([a.id, ...ids.slice(0, -1)]);
    expect(new Set(interactions.map(({ model }) => model))).toEqual(new Set(["scripted-model"]));
  });

  test("ends where one does not end well, and says so", async () => {
    const { engine, rerun } = await open();
    const answer = rerun({});
    await answerRuns(engine, fine, [
      { type: "step.start", step: answerOf("No") },
      { type: "finish", status: "failed", errors: [{ code: "upstream_error", message: "It broke." }] },
    ]);
    const { interactions, stopped } = (await answer).forkInteraction;
    expect(interactions).toHaveLength(2);
    expect(stopped).toMatchObject({ code: "failed_precondition", message: expect.stringContaining("failed") });
  });

  test("ends where the next one answers calls that were not made this time", async () => {
    const { engine, store, b, d } = await open();
    const links = { root_id: d.root_id, previous_id: d.id };
    const result = {
      type: "tool_result" as const,
      tool: "function" as const,
      call_id: "gone",
      result: { type: "text" as const, text: "1" },
    };
    const last = await storeSaid(store, "last", {}, { ...links, input: [result] });
    const answer = engine.ask<Forked>(fork, { input: { from: b.id, through: last.id } });
    await answerRuns(engine, fine, fine, fine);
    const { interactions, stopped } = (await answer).forkInteraction;
    expect(interactions).toHaveLength(3);
    expect(stopped?.code).toBe("invalid_request");
  });
});

import { describe, expect, test } from "vitest";
import { HubError } from "../../../../schema/core/error.ts";
import type { ProviderEvent } from "../../../../schema/core/event.ts";
import { imageOf } from "../../../cases/store.ts";
import { answerOf, openEngine, storeSaid } from "./open-engine.ts";

const create = `mutation($input: CreateInteractionInput!) {
  createInteraction(input: $input) {
    __typename
    ... on CreateInteractionSuccess { interaction { id status outputText request steps { ... on StepPlace { side } } } }
    ... on Refusal { code message field retryAfter }
  }
}`;

type Created = {
  createInteraction: { __typename: string; interaction: { id: string; status: string }; code?: string };
};

const completed: ProviderEvent[] = [
  { type: "step.start", step: answerOf("Fine.") },
  { type: "step.stop" },
  { type: "finish", status: "completed", usage: { total_tokens: 3 } },
];

describe("createInteraction", () => {
  test("takes everything that REST takes, and waits for the end", async () => {
    const { ask, provider } = openEngine();
    const input = {
      model: "models/scripted-model",
      input: [{ type: "text", text: "Look" }, imageOf(1)],
      systemInstruction: "Be brief.",
      tools: [{ type: "function", name: "f", parameters: { type: "object" } }],
      generationConfig: {
        temperature: 0.5,
        maxOutputTokens: 9,
        toolChoice: "any",
        stopSequences: ["END"],
        extra: { new_one: 1 },
      },
      responseFormat: { type: "text", mime_type: "application/json", schema: { type: "object" } },
      labels: [{ key: "team", value: "one" }],
      serviceTier: "flex",
      safetySettings: [{ type: "x", threshold: "y" }],
      extra: { response_modalities: ["text"] },
    };
    const answer = ask<Created>(create, {
      input: { ...input, generationConfig: { ...input.generationConfig, extra: null } },
    });
    const run = await provider.nextRun();
    expect(run.call.settings).toEqual({
      system_instruction: "Be brief.",
      tools: [{ type: "function", name: "f", parameters: { type: "object" } }],
      generation_config: { temperature: 0.5, max_output_tokens: 9, tool_choice: "any", stop_sequences: ["END"] },
      response_format: [{ type: "text", mime_type: "application/json", schema: { type: "object" } }],
      labels: { team: "one" },
      service_tier: "flex",
      safety_settings: [{ type: "x", threshold: "y" }],
    });
    expect(run.call.input).toHaveLength(1);
    run.say(...completed);
    run.leave();
    expect(await answer).toMatchObject({
      createInteraction: {
        __typename: "CreateInteractionSuccess",
        interaction: { status: "completed", outputText: "Fine.", steps: [{ side: "input" }, { side: "output" }] },
      },
    });
  });

  test("answers at once what runs in the background, and goes on from an earlier one", async () => {
    const { ask, provider, store } = openEngine();
    const before = await storeSaid(store, "before");
    const input = { model: "scripted-model", input: "Go on", background: true, previousInteractionId: before.id };
    const { createInteraction } = await ask<Created>(create, { input });
    expect(createInteraction.interaction).toMatchObject({ status: "in_progress" });
    const run = await provider.nextRun();
    expect(run.call.history).toHaveLength(2);
    run.say(...completed);
    run.leave();
  });

  test("tells what is wrong as a result, with the codes and the names of REST", async () => {
    const { ask, hub } = openEngine();
    const refusals = [
      [{ model: "scripted-model" }, { code: "invalid_request", field: "input" }],
      [
        { model: "unknown-model", input: "x" },
        { code: "model_not_found", field: "model" },
      ],
      [
        { model: "a", agent: "b", input: "x" },
        { code: "invalid_request", field: "agent" },
      ],
      [
        { model: "scripted-model", input: "x", generationConfig: { temperature: 3 } },
        { code: "invalid_request", field: "generation_config.temperature" },
      ],
      [{ model: "scripted-model", input: "x", background: true, store: false }, { code: "failed_precondition" }],
      [{ model: "scripted-model", input: "x", extra: { cached_content: "c" } }, { code: "invalid_request" }],
      [{ model: "scripted-model", input: "x", previousInteractionId: "v1_nothing" }, { code: "invalid_request" }],
    ] as const;
    for (const [input, refusal] of refusals) {
      const { createInteraction } = await ask<Created>(create, { input });
      expect(createInteraction).toMatchObject({ __typename: "Refusal", ...refusal });
    }
    expect(hub.load()).toEqual({ runs: 0, waiting: 0 });
  });

  test("forgets what failed before anything came of it, and keeps what failed later", async () => {
    const { ask, provider, archive } = openEngine();
    const input = { model: "scripted-model", input: "x" };
    const early = ask<Created>(create, { input });
    (await provider.nextRun()).fail(new HubError("rate_limit_exceeded", "Too fast.", { retryAfter: 7 }));
    expect((await early).createInteraction).toMatchObject({ code: "rate_limit_exceeded", retryAfter: 7 });
    expect(await archive.count({})).toBe(0);
    const late = ask<Created>(create, { input });
    const run = await provider.nextRun();
    run.say({ type: "step.start", step: answerOf("So f") });
    run.fail(new HubError("upstream_error", "It broke."));
    expect((await late).createInteraction.interaction).toMatchObject({ status: "failed", outputText: "So f" });
    expect(await archive.count({})).toBe(1);
  });

  test("with store: false gives media with their bytes, since they are nowhere else", async () => {
    const { ask, provider } = openEngine();
    const image = imageOf(9);
    const answer = ask<{ createInteraction: { interaction: { steps: object[] } } }>(
      `mutation { createInteraction(input: { model: "scripted-model", input: "x", store: false }) { ... on CreateInteractionSuccess {
        interaction { steps(side: output) { ... on ModelOutput { content { ... on MediaContent { url data } } } } }
      } } }`,
    );
    const run = await provider.nextRun();
    run.say({ type: "step.start", step: { type: "model_output", content: [image] } }, { type: "step.stop" });
    run.say({ type: "finish", status: "completed" });
    run.leave();
    expect((await answer).createInteraction.interaction.steps).toEqual([
      { content: [{ url: null, data: image.data }] },
    ]);
  });

  test("is refused to a key that may only read, like everything else that changes things", async () => {
    const { answer, archive, store } = openEngine();
    const { id } = await storeSaid(store, "one");
    const { data } = await answer(
      `mutation($id: ID!) {
        a: createInteraction(input: { model: "scripted-model", input: "x" }) { ...R }
        b: forkInteraction(input: { from: $id }) { ...R }
        c: cancelInteraction(id: $id) { ...R }
        d: deleteInteraction(id: $id) { ...R }
        e: setLabels(id: $id, labels: []) { ...R }
      }
      fragment R on Refusal { code }`,
      { id },
      { readOnly: true },
    );
    expect(Object.values(data ?? {})).toEqual(Array(5).fill({ code: "permission_denied" }));
    expect(await archive.count({})).toBe(1);
  });
});

describe("what was created", () => {
  test("is cancelled while it runs in the background, and not when it has ended", async () => {
    const { ask, provider } = openEngine();
    const input = { model: "scripted-model", input: "x", background: true };
    const { createInteraction } = await ask<Created>(create, { input });
    const run = await provider.nextRun();
    run.say({ type: "step.start", step: answerOf("So far") });
    const cancel = `mutation($id: ID!) { cancelInteraction(id: $id) {
      ... on CancelInteractionSuccess { interaction { status } } ... on Refusal { code }
    } }`;
    const { id } = createInteraction.interaction;
    expect(await ask(cancel, { id })).toEqual({ cancelInteraction: { interaction: { status: "cancelled" } } });
    await run.left;
    expect(await ask(cancel, { id: "v1_nothing" })).toEqual({ cancelInteraction: { code: "not_found" } });
  });

  test("is deleted, and what goes on from it stays", async () => {
    const { ask, store, archive } = openEngine();
    const one = await storeSaid(store, "one");
    const two = await storeSaid(store, "two", {}, { root_id: one.id, previous_id: one.id });
    const remove = `mutation($id: ID!) { deleteInteraction(id: $id) { ... on DeleteInteractionSuccess { id } ... on Refusal { code } } }`;
    expect(await ask(remove, { id: one.id })).toEqual({ deleteInteraction: { id: one.id } });
    expect(await ask(remove, { id: one.id })).toEqual({ deleteInteraction: { code: "not_found" } });
    expect(await archive.heads([two.id])).toMatchObject([{ id: two.id }]);
  });

  test("gets other labels, by which it is found", async () => {
    const { ask, store } = openEngine();
    const { id } = await storeSaid(store, "one");
    const set = `mutation($id: ID!, $labels: [LabelInput!]!) { setLabels(id: $id, labels: $labels) {
      ... on SetLabelsSuccess { interaction { labels { key value } } } ... on Refusal { code field message }
    } }`;
    const labels = [{ key: "stage", value: "live" }];
    expect(await ask(set, { id, labels })).toEqual({ setLabels: { interaction: { labels } } });
    const found = await ask('{ interactions(filter: { labels: [{ key: "stage" }] }) { nodes { id } } }');
    expect(found).toEqual({ interactions: { nodes: [{ id }] } });
    expect(await ask(set, { id, labels: [] })).toEqual({ setLabels: { interaction: { labels: [] } } });
    expect(await ask(set, { id: "v1_nothing", labels })).toMatchObject({ setLabels: { code: "not_found" } });
    for (const label of [
      { key: "Stage", value: "x" },
      { key: "stage", value: "LIVE" },
    ]) {
      const { setLabels } = await ask<{ setLabels: object }>(set, { id, labels: [label] });
      expect(setLabels).toMatchObject({ code: "invalid_request", field: `labels.${label.key}` });
    }
  });
});

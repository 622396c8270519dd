import { describe, expect, test } from "vitest";
import { encodeEventCursor } from "../../../../schema/graphql/event-cursor.ts";
import { encodeEventId, eventTag } from "../../../../schema/interactions/event-id.ts";
import { imageOf } from "../../../cases/store.ts";
import { answerOf, openEngine, storeSaid } from "./open-engine.ts";

const query = `query($id: ID!, $first: Int, $after: Cursor, $last: Int, $before: Cursor) {
  interaction(id: $id) {
    events(first: $first, after: $after, last: $last, before: $before) {
      nodes { sequence }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}`;

type Told = {
  interaction: {
    events: { nodes: { sequence: number }[]; pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean } };
  };
};

/** An interaction whose log has twelve events. */
async function open() {
  const engine = openEngine();
  const output = ["one", "two", "three", "four", "five"].map(answerOf);
  const { id } = await storeSaid(engine.store, "told", { output });
  const at = (sequence: number) => encodeEventCursor(id, sequence);
  async function page(variables: Record<string, unknown>) {
    const { events } = (await engine.ask<Told>(query, { id, ...variables })).interaction;
    const { hasPreviousPage, hasNextPage } = events.pageInfo;
    return `${hasPreviousPage ? "… " : ""}${events.nodes.map(({ sequence }) => sequence).join(" ")}${hasNextPage ? " …" : ""}`;
  }
  return { ...engine, id, at, page };
}

describe("the log of an interaction", () => {
  test("comes in pages, forwards and backwards", async () => {
    const { page, at } = await open();
    expect(await page({})).toBe("1 2 3 4 5 6 7 8 9 10 11 12");
    expect(await page({ first: 5 })).toBe("1 2 3 4 5 …");
    expect(await page({ first: 5, after: at(5) })).toBe("… 6 7 8 9 10 …");
    expect(await page({ first: 5, after: at(10) })).toBe("… 11 12");
    expect(await page({ first: 5, after: at(12) })).toBe("… ");
    expect(await page({ first: 5, after: at(2), before: at(5) })).toBe("… 3 4");
    expect(await page({ first: 1, after: at(2), before: at(5) })).toBe("… 3 …");
    expect(await page({ last: 5 })).toBe("… 8 9 10 11 12");
    expect(await page({ last: 5, before: at(8) })).toBe("… 3 4 5 6 7 …");
    expect(await page({ last: 5, before: at(3) })).toBe("1 2 …");
    expect(await page({ last: 20 })).toBe("1 2 3 4 5 6 7 8 9 10 11 12");
    expect(await page({ last: 5, after: at(10) })).toBe("11 12");
    expect(await page({ first: 0 })).toBe("");
  });

  test("goes on behind an event_id of REST, and repeats an event of which REST gave a part", async () => {
    const { page, id } = await open();
    const tag = eventTag(id);
    expect(await page({ first: 2, after: encodeEventId(tag, 3) })).toBe("… 4 5 …");
    expect(await page({ first: 2, after: encodeEventId(tag, 3, 1, "steps") })).toBe("… 3 4 …");
  });

  test("refuses a cursor of another interaction", async () => {
    const { answer, id, store } = await open();
    const { id: other } = await storeSaid(store, "another-one");
    const { errors } = await answer(query, { id, after: encodeEventCursor(other, 1) });
    expect(errors?.[0]?.extensions).toEqual({ code: "invalid_request", field: "after" });
  });

  test("is whole backwards too where its events are large", async () => {
    const { store, ask } = await open();
    const content = Array.from({ length: 6 }, (_, index) => imageOf(index, 300_000));
    const output = content.map((one) => ({
      type: "model_output" as const,
      content: [{ type: "text" as const, text: "x".repeat(400_000) }, one],
    }));
    const { id } = await storeSaid(store, "large", { output });
    const { events } = (await ask<Told>(query, { id, last: 14 })).interaction;
    expect(events.nodes.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 14 }, (_, index) => index + 1));
  });

  test("tells every kind of event in its own words", async () => {
    const { ask, hub, provider } = await open();
    const begun = await hub.begin({
      model: "scripted-model",
      input: [{ type: "user_input", content: [{ type: "text", text: "Go" }] }],
      store: true,
      background: false,
      revision: "steps",
      settings: {},
    });
    const run = await provider.nextRun();
    run.say(
      { type: "upstream", id: "u1" },
      { type: "degraded", degradations: [{ field: "seed", message: "It has none." }] },
      { type: "step.start", step: { type: "tool_call", tool: "function", call_id: "c", name: "f" } },
      { type: "step.delta", delta: { type: "arguments", text: '{"a":' } },
      { type: "step.delta", delta: { type: "arguments", text: "1}" } },
      { type: "step.delta", delta: { type: "signature", signature: { value: "s" } } },
      { type: "step.stop" },
      { type: "step.start", step: answerOf("a") },
      {
        type: "step.delta",
        delta: { type: "annotations", annotations: [{ type: "url_citation", url: "http://x.test" }] },
      },
      { type: "step.delta", delta: { type: "content", content: imageOf(3) } },
      { type: "step.delta", delta: { type: "other", raw: { type: "new", value: 1 } } },
      { type: "step.stop" },
      { type: "finish", status: "requires_action", usage: { total_tokens: 3 } },
    );
    run.leave();
    await begun.ended();
    const { interaction } = await ask<{ interaction: { events: { nodes: { type: string; event: object }[] } } }>(
      `query($id: ID!) { interaction(id: $id) { events { nodes { type event {
        ... on StatusEvent { status }
        ... on UpstreamEvent { provider upstream: id }
        ... on DegradedEvent { degradations { field } }
        ... on StepStartEvent { index step { ... on ToolCall { name argumentsText } } }
        ... on StepDeltaEvent { index delta {
          ... on ArgumentsDelta { text } ... on SignatureDelta { signature { value } }
          ... on AnnotationsDelta { annotations { url } } ... on ContentDelta { content { ... on MediaContent { type url } } }
          ... on OtherDelta { raw }
        } }
        ... on StepStopEvent { index }
        ... on FinishEvent { status usage { totalTokens } errors { code } }
      } } } } }`,
      { id: begun.interaction.id },
    );
    const url = expect.stringMatching(/^http:\/\/hub\.test\/media\/[0-9a-f]{64}$/);
    expect(interaction.events.nodes.map(({ event }) => event)).toEqual([
      { status: "in_progress" },
      { provider: "scripted", upstream: "u1" },
      { degradations: [{ field: "seed" }] },
      { index: 0, step: { name: "f", argumentsText: null } },
      { index: 0, delta: { text: '{"a":' } },
      { index: 0, delta: { text: "1}" } },
      { index: 0, delta: { signature: { value: "s" } } },
      { index: 0 },
      { index: 1, step: {} },
      { index: 1, delta: { annotations: [{ url: "http://x.test" }] } },
      { index: 1, delta: { content: { type: "image", url } } },
      { index: 1, delta: { raw: { type: "new", value: 1 } } },
      { index: 1 },
      { status: "requires_action", usage: { totalTokens: 3 }, errors: [] },
    ]);
  });
});

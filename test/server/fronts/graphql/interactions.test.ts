import { describe, expect, test } from "vitest";
import type { Step } from "../../../../schema/core/step.ts";
import { imageOf } from "../../../cases/store.ts";
import { answerOf, openEngine, storeSaid } from "./open-engine.ts";

const call: Step = { type: "tool_call", tool: "function", call_id: "c1", name: "weather", arguments: { city: "Bern" } };
const result: Step = {
  type: "tool_result",
  tool: "function",
  call_id: "c1",
  name: "weather",
  result: { type: "json", json: { degrees: 21 } },
};

describe("an interaction", () => {
  test("is told by its id with what was asked for, without the secrets that the request carried", async () => {
    const { store, ask } = openEngine();
    const { id } = await storeSaid(
      store,
      "one",
      { tokens: 12, status: "incomplete", errors: [{ code: "upstream_error", message: "It broke." }] },
      {
        upstream_model: "m-7",
        settings: {
          system_instruction: "Be brief.",
          labels: { team: "one", stage: "test" },
          generation_config: { temperature: 0.5, seed: 2 ** 40, stop_sequences: ["END"] },
          environment: { env: { TOKEN: "secret" }, kind: "box" },
          tools: [
            { type: "function", name: "weather", parameters: { type: "object" } },
            { type: "mcp_server", name: "files", url: "http://files.test", headers: { authorization: "secret" } },
            { type: "retrieval", exa_ai_search_config: { api_key: "secret", results: 3 } },
          ],
        },
      },
    );
    const query = `query($id: ID!) {
      interaction(id: $id) {
        id status model agent provider upstreamModel background createdAt systemInstruction request
        labels { key value } usage { totalTokens totalInputTokens } errors { code message }
        generationConfig { temperature seed stopSequences topP }
        tools {
          __typename
          ... on FunctionTool { name parameters }
          ... on McpServerTool { server: name url }
          ... on RetrievalTool { exaAiSearchConfig }
        }
      }
    }`;
    const { interaction } = await ask<{ interaction: object }>(query, { id });
    expect(interaction).toEqual({
      id,
      status: "incomplete",
      model: "m",
      agent: null,
      provider: "p",
      upstreamModel: "m-7",
      background: false,
      createdAt: "1970-01-01T00:00:01.000Z",
      systemInstruction: "Be brief.",
      request: expect.objectContaining({ model: "m", store: true, environment: { kind: "box" } }),
      labels: [
        { key: "stage", value: "test" },
        { key: "team", value: "one" },
      ],
      usage: { totalTokens: 12, totalInputTokens: null },
      errors: [{ code: "api_error", message: "It broke." }],
      generationConfig: { temperature: 0.5, seed: 2 ** 40, stopSequences: ["END"], topP: null },
      tools: [
        { __typename: "FunctionTool", name: "weather", parameters: { type: "object" } },
        { __typename: "McpServerTool", server: "files", url: "http://files.test" },
        { __typename: "RetrievalTool", exaAiSearchConfig: { results: 3 } },
      ],
    });
    expect(JSON.stringify(interaction)).not.toContain("secret");
  });

  test("that is not stored is null, and so is what no id names", async () => {
    const { ask } = openEngine();
    const query = '{ interaction(id: "v1_nothing") { id } node(id: "nonsense") { id } nodes(ids: ["", "x"]) { id } }';
    expect(await ask(query)).toEqual({ interaction: null, node: null, nodes: [null, null] });
  });

  test("has its steps as they are, with their places, and by turns", async () => {
    const { store, ask } = openEngine();
    const output: Step[] = [
      { type: "thought", summary: [{ type: "text", text: "Hm." }] },
      call,
      result,
      answerOf("21 degrees."),
    ];
    const { id } = await storeSaid(store, "one", { asked: "How warm is it?", output });
    const query = `query($id: ID!) {
      interaction(id: $id) {
        outputText
        steps {
          __typename
          ... on StepPlace { side index }
          ... on ToolStep { tool name callId }
          ... on ToolCall { arguments }
          ... on ToolResult { isError result { json text } }
          ... on ModelOutput { text content { ... on TextContent { text annotations { url } } } }
          ... on Thought { text }
        }
        asked: steps(side: input) { ... on UserInput { text } }
        turns { role text steps { __typename } }
      }
    }`;
    const weather = { tool: "function", name: "weather", callId: "c1" };
    expect(await ask(query, { id })).toEqual({
      interaction: {
        outputText: "21 degrees.",
        steps: [
          { __typename: "UserInput", side: "input", index: 0 },
          { __typename: "Thought", side: "output", index: 0, text: "Hm." },
          { __typename: "ToolCall", side: "output", index: 1, ...weather, arguments: { city: "Bern" } },
          {
            __typename: "ToolResult",
            side: "output",
            index: 2,
            ...weather,
            isError: false,
            result: { json: { degrees: 21 }, text: null },
          },
          {
            __typename: "ModelOutput",
            side: "output",
            index: 3,
            text: "21 degrees.",
            content: [{ text: "21 degrees.", annotations: [] }],
          },
        ],
        asked: [{ text: "How warm is it?" }],
        turns: [
          { role: "user", text: "How warm is it?", steps: [{ __typename: "UserInput" }] },
          { role: "model", text: "", steps: [{ __typename: "Thought" }, { __typename: "ToolCall" }] },
          { role: "user", text: "", steps: [{ __typename: "ToolResult" }] },
          { role: "model", text: "21 degrees.", steps: [{ __typename: "ModelOutput" }] },
        ],
      },
    });
  });

  test("has media at an address of this server, and its bytes only for those who ask", async () => {
    const { store, ask, calls } = openEngine();
    const image = imageOf(7);
    const { id } = await storeSaid(store, "one", {
      output: [{ type: "model_output", content: [image, { type: "document", uri: "https://other.test/a.pdf" }] }],
    });
    const media = (fields: string) => `query($id: ID!) {
      interaction(id: $id) { steps(side: output) { ... on ModelOutput { content { ... on MediaContent { ${fields} } } } } }
    }`;
    const { interaction } = await ask<{ interaction: { steps: { content: Record<string, string>[] }[] } }>(
      media("type mimeType url uri sha256"),
      { id },
    );
    const [stored, elsewhere] = interaction.steps[0]?.content ?? [];
    expect(stored).toEqual({
      type: "image",
      mimeType: "image/png",
      url: `http://hub.test/media/${stored?.sha256}`,
      uri: null,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(elsewhere).toMatchObject({ type: "document", url: "https://other.test/a.pdf", sha256: null });
    expect(calls()).not.toHaveProperty("media");
    expect(JSON.stringify(await ask(media("data"), { id }))).toContain(`[{"data":"${image.data}"},{"data":null}]`);
  });
});

describe("a list of interactions", () => {
  const query = `query($filter: InteractionFilter, $order: InteractionOrder, $first: Int, $after: Cursor, $last: Int, $before: Cursor) {
    interactions(filter: $filter, order: $order, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      edges { cursor node { outputText } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;
  type Listed = {
    interactions: {
      totalCount: number;
      edges: { cursor: string; node: { outputText: string } }[];
      pageInfo: {
        hasNextPage: boolean;
        hasPreviousPage: boolean;
        startCursor: string | null;
        endCursor: string | null;
      };
    };
  };

  async function open() {
    const engine = openEngine();
    for (const [place, name] of ["a", "b", "c", "d", "e"].entries()) {
      const at = 1000 + place;
      await storeSaid(engine.store, name, { output: [answerOf(name)] }, { created_at: at, updated_at: at });
    }
    const list = async (variables: Record<string, unknown>) =>
      (await engine.ask<Listed>(query, variables)).interactions;
    const names = async (variables: Record<string, unknown>) => namesOf(await list(variables));
    return { ...engine, list, names };
  }

  const namesOf = ({ edges }: Listed["interactions"]) => edges.map(({ node }) => node.outputText).join("");

  test("is the newest first, and goes on behind a cursor and back before one", async () => {
    const { list, names } = await open();
    const first = await list({ first: 2 });
    expect(namesOf(first)).toBe("ed");
    expect(first.totalCount).toBe(5);
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const second = await list({ first: 2, after: first.pageInfo.endCursor });
    expect(namesOf(second)).toBe("cb");
    expect(second.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    expect(second.pageInfo.startCursor).toBe(second.edges[0]?.cursor);
    expect(await names({ last: 2, before: second.pageInfo.startCursor })).toBe("ed");
    expect(await names({ last: 2 })).toBe("ba");
    expect(await names({ first: 5, after: first.pageInfo.endCursor, before: second.pageInfo.endCursor })).toBe("c");
    expect(await names({ first: 0 })).toBe("");
  });

  test("keeps its places while others come", async () => {
    const { list, names, store } = await open();
    const { pageInfo } = await list({ first: 3 });
    await storeSaid(store, "f", { output: [answerOf("f")] }, { created_at: 2000, updated_at: 2000 });
    expect(await names({ first: 3, after: pageInfo.endCursor })).toBe("ba");
  });

  test("holds what a filter lets through, in the order that is asked for", async () => {
    const { names, store } = await open();
    await storeSaid(store, "x", {
      output: [answerOf("x")],
      status: "failed",
      errors: [{ code: "internal", message: "" }],
    });
    expect(await names({ order: { by: "created", direction: "ascending" } })).toBe("abcdex");
    expect(await names({ filter: { hasError: true } })).toBe("x");
    expect(await names({ filter: { hasError: false, createdFrom: "1970-01-01T00:00:01.003Z" } })).toBe("ed");
    expect(await names({ filter: { status: ["failed", "cancelled"] } })).toBe("x");
    expect(await names({ filter: { labels: [{ key: "team", value: "one" }], model: ["m"], text: "answer" } })).toBe("");
    expect(await names({ filter: { status: [] } })).toBe("");
    expect(await names({ filter: { status: null } })).toBe("xedcba");
  });

  test.each([
    [{ first: 1, last: 1 }, "last"],
    [{ first: 1001 }, "first"],
    [{ last: -1 }, "last"],
    [{ after: "nonsense" }, "after"],
  ])("refuses %j", async (variables, field) => {
    const { answer, bugs } = openEngine();
    const { errors } = await answer(query, variables);
    expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code: "invalid_request", field }]);
    expect(bugs).toEqual([]);
  });

  test("refuses the cursor of another order", async () => {
    const { list, answer } = await open();
    const { pageInfo } = await list({ first: 1 });
    const order = { by: "updated", direction: "descending" };
    const { errors } = await answer(query, { order, after: pageInfo.endCursor });
    expect(errors?.[0]?.extensions).toEqual({ code: "invalid_request", field: "after" });
  });
});

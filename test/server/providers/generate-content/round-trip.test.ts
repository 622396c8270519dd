import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Interaction } from "../../../../schema/core/interaction.ts";
import type { Step } from "../../../../schema/core/step.ts";
import type { Tool } from "../../../../schema/core/tool.ts";
import { startFakeGenerateContent } from "../../../cases/fake-generate-content.ts";
import { generateContentProvider } from "../../../cases/generate-content-provider.ts";
import { eventsOf, foldOf, saying } from "../../../cases/provider.ts";
import type { ReplayServer } from "../../../cases/replay-server.ts";

let server: ReplayServer;
beforeAll(async () => {
  server = await startFakeGenerateContent();
});
afterAll(() => server.close());

const tools: Tool[] = [
  { type: "function", name: "weather" },
  { type: "function", name: "time" },
];

/** One turn of a chain, as the hub gives it to the provider. */
async function turn(history: Step[], by: string, input: Step[], offered: Tool[] = tools): Promise<Interaction> {
  const history_by = history.map(() => by);
  const settings = { tools: offered };
  const call = { model: "gemini-3.8-flash", history, history_by, input, settings };
  return foldOf(await eventsOf(generateContentProvider(server.url), call));
}

const resultsFor = ({ output }: Interaction): Step[] =>
  output.flatMap((step): Step[] =>
    step.type === "tool_call"
      ? [
          {
            type: "tool_result",
            tool: "function",
            call_id: step.call_id,
            result: { type: "json", json: { ok: step.name ?? "" } },
          },
        ]
      : [],
  );

describe("a chain on an upstream that remembers what it signed", () => {
  it("has two calls at once, their results in the next turn, and a third turn after them", async () => {
    const asked = [saying("How is it in Vienna?")];
    const first = await turn([], "gemini", asked);
    expect(first).toMatchObject({
      status: "requires_action",
      output: [
        { tool: "function", name: "weather", arguments: { about: "weather" }, signature: { provider: "gemini" } },
        { tool: "function", name: "time", arguments: { about: "time" } },
      ],
    });

    const results = resultsFor(first);
    const second = await turn([...asked, ...first.output], "gemini", results.toReversed());
    expect(second).toMatchObject({
      status: "completed",
      output: [{ content: [{ text: 'weather: {"ok":"weather"}\ntime: {"ok":"time"}' }] }, { type: "thought" }],
    });

    const chain = [...asked, ...first.output, ...results, ...second.output];
    const third = await turn(chain, "gemini", [saying("Thanks.")], []);
    expect(third).toMatchObject({
      status: "completed",
      output: [{ content: [{ text: expect.stringContaining("3") }] }, {}],
    });
    expect(third.degraded).toBeUndefined();
  });

  it("goes on where a client keeps the history itself, with signatures that do not say whose they are", async () => {
    const asked = [saying("How is it in Vienna?")];
    const first = await turn([], "gemini", asked);
    const replayed = first.output.map((step): Step => {
      if (step.type !== "tool_call" || step.signature === undefined) return step;
      return { ...step, signature: { value: step.signature.value } };
    });
    const second = await turn([], "gemini", [...asked, ...replayed, ...resultsFor(first)]);
    expect(second).toMatchObject({ status: "completed" });
    expect(second.degraded).toBeUndefined();
  });

  it("goes on where another vendor began, with its calls and without its signatures", async () => {
    const foreign: Step[] = [
      saying("How is it in Vienna?"),
      {
        type: "thought",
        summary: [{ type: "text", text: "Look." }],
        signature: { value: "b3RoZXI=", provider: "other" },
      },
      {
        type: "tool_call",
        tool: "function",
        call_id: "x",
        name: "weather",
        arguments: {},
        signature: { value: "b3RoZXI=", provider: "other" },
      },
    ];
    const result: Step = { type: "tool_result", tool: "function", call_id: "x", result: { type: "text", text: "Sun" } };
    const answer = await turn(foreign, "other", [result]);
    expect(answer).toMatchObject({
      status: "completed",
      output: [{ content: [{ text: 'weather: {"output":"Sun"}' }] }, {}],
      degraded: [{ field: "history[1]" }],
    });
  });
});

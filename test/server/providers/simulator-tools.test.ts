import { describe, expect, it } from "vitest";
import type { GenerationConfig } from "../../../schema/core/settings.ts";
import type { Step, ToolCall, ToolOutcome } from "../../../schema/core/step.ts";
import type { FunctionTool, Tool } from "../../../schema/core/tool.ts";
import { eventsOf, foldOf, saying } from "../../cases/provider.ts";
import { json, outputOf, quick, textIn, textOf, weather } from "../../cases/quick-simulator.ts";

const light: FunctionTool = {
  type: "function",
  name: "setLight",
  description: "Switches a lamp",
  parameters: {
    type: "OBJECT",
    properties: {
      room: { type: "STRING", enum: ["kitchen", "bedroom", "bath"] },
      brightness: { type: "INTEGER", minimum: 0, maximum: 100 },
      on: { type: "BOOLEAN" },
    },
    required: ["room", "brightness", "on"],
  },
};
const clock: FunctionTool = {
  type: "function",
  name: "get_time",
  description: "Get the time in a place",
  parameters: { type: "object", properties: { place: { type: "string" } }, required: ["place"] },
};
const tools: Tool[] = [weather, light, clock, { type: "function", name: "reset" }];

async function callsFor(
  text: string,
  tool_choice?: GenerationConfig["tool_choice"],
  offered: Tool[] = tools,
): Promise<ToolCall[]> {
  const { output, status } = await outputOf(text, {
    tools: offered,
    generation_config: tool_choice === undefined ? {} : { tool_choice },
  });
  const calls = output.filter((step) => step.type === "tool_call");
  expect(status).toBe(calls.length > 0 ? "requires_action" : "completed");
  return calls;
}

describe("the simulator's function calls", () => {
  it.each([
    ["What is the weather in Porto?", [["get_weather", { city: "Porto" }]]],
    ["Will I need an umbrella in Oslo?", [["get_weather", { city: "Oslo" }]]],
    [
      "The weather in Paris, London and New York, please",
      [
        ["get_weather", { city: "Paris" }],
        ["get_weather", { city: "London" }],
        ["get_weather", { city: "New York" }],
      ],
    ],
    [
      "What's the weather and what's the time in Berlin?",
      [
        ["get_weather", { city: "Berlin" }],
        ["get_time", { place: "Berlin" }],
      ],
    ],
    [
      "Turn off the light in the kitchen and the bedroom, brightness 20",
      [
        ["setLight", { room: "kitchen", brightness: 20, on: false }],
        ["setLight", { room: "bedroom", brightness: 20, on: false }],
      ],
    ],
    ["Please reset everything", [["reset", {}]]],
    ["Hello, how are you?", []],
    ["What is 2+2?", []],
  ])("fit the request: %s", async (text, expected) => {
    expect((await callsFor(text)).map(({ name, arguments: given }) => [name, given])).toEqual(expected);
  });

  it("keep to tool_choice", async () => {
    expect(await callsFor("weather in Paris", "none")).toEqual([]);
    expect(await callsFor("hello", "auto")).toEqual([]);
    expect((await callsFor("hello", "any")).length).toBe(1);
    expect((await callsFor("weather in Paris", "validated"))[0]?.name).toBe("get_weather");
    const only = { allowed_tools: { mode: "any", tools: ["get_time"] } } as const;
    expect(
      (await callsFor("weather in Paris", { allowed_tools: { ...only.allowed_tools, tools: ["get_time"] } })).map(
        ({ name }) => name,
      ),
    ).toEqual(["get_time"]);
  });

  it("come in fragments that need each other, and without any where there are no arguments", async () => {
    const fragmentsOf = async (text: string) =>
      (await eventsOf(quick, { model: "simulator", history: [], input: [saying(text)], settings: { tools } })).flatMap(
        (event) => (event.type === "step.delta" && event.delta.type === "arguments" ? [event.delta.text] : []),
      );
    const fragments = await fragmentsOf("Light in the kitchen at brightness 20");
    expect(fragments.length).toBeGreaterThan(1);
    expect(JSON.parse(fragments.join(""))).toMatchObject({ room: "kitchen" });
    expect(await fragmentsOf("reset it")).toEqual([]);
  });

  it("have ids that are new in their chain", async () => {
    const ids = new Set<string>();
    const history: Step[] = [];
    for (let turn = 0; turn < 20; turn += 1) {
      const { output } = foldOf(
        await eventsOf(quick, {
          model: "simulator",
          history: [...history],
          input: [saying("weather in Paris")],
          settings: { tools },
        }),
      );
      for (const step of output) {
        if (step.type !== "tool_call") continue;
        expect(step.call_id).toMatch(/^[a-z0-9]{8}$/);
        expect(ids.has(step.call_id)).toBe(false);
        ids.add(step.call_id);
        history.push(saying("weather in Paris"), step, {
          type: "tool_result",
          tool: "function",
          call_id: step.call_id,
        });
      }
    }
    expect(ids.size).toBe(20);
  });
});

describe("the simulator's use of results", () => {
  const asked: Step[] = [
    saying("What is the weather in Paris?"),
    { type: "tool_call", tool: "function", call_id: "c1", name: "get_weather", arguments: { city: "Paris" } },
  ];
  const answer = async (result: ToolOutcome, is_error = false) => {
    const input: Step[] = [{ type: "tool_result", tool: "function", call_id: "c1", result, is_error }];
    const call = {
      model: "simulator",
      history: asked,
      input,
      settings: { tools, generation_config: { tool_choice: "any" } },
    } as const;
    const { output, status } = foldOf(await eventsOf(quick, { ...call, history: [...asked] }));
    expect(status).toBe("completed");
    return textIn(output);
  };

  it("tells every value, whatever form it has", async () => {
    expect(await answer({ type: "json", json: { temp: 21.5, sky: ["sunny", { wind: "weak" }] } })).toMatch(
      /get_weather.*Paris.*21\.5.*sunny.*weak/,
    );
    expect(await answer({ type: "text", text: '{"temp":3}' })).toContain("temp 3");
    expect(await answer({ type: "text", text: "It rains frogs." })).toContain("It rains frogs");
    const content: ToolOutcome = {
      type: "content",
      content: [
        { type: "text", text: "see" },
        { type: "image", mime_type: "image/png", data: "AAAA" },
      ],
    };
    expect(await answer(content)).toContain("see, an image (image/png, 3 bytes)");
  });

  it("tells the results of every round since there were words", async () => {
    const round = (call_id: string, city: string): Step[] => [
      { type: "tool_call", tool: "function", call_id, name: "get_weather", arguments: { city } },
      { type: "tool_result", tool: "function", call_id, result: { type: "text", text: `it is fine in ${city}` } },
    ];
    const answerTo = async (input: Step[]) =>
      textIn(foldOf(await eventsOf(quick, { model: "simulator", history: [], input, settings: { tools } })).output);
    const start: Step[] = [saying("The weather in Rome, in Porto and in Oslo?"), ...round("c1", "Rome")];
    const words: Step = { type: "model_output", content: [{ type: "text", text: "Rome is fine." }] };
    const rest = [...round("c2", "Porto"), ...round("c3", "Oslo")];
    expect(await answerTo([...start, ...rest])).toMatch(/fine in Rome.*fine in Porto.*fine in Oslo/);
    const later = await answerTo([...start, words, ...rest]);
    expect(later).toMatch(/fine in Porto.*fine in Oslo/);
    expect(later).not.toContain("Rome");
    expect(await answerTo([...start, ...rest, words, saying("Hello")])).not.toContain("Porto");
  });

  it("tells of failures", async () => {
    expect(await answer({ type: "text", text: "no such city" }, true)).toContain(
      "get_weather for Paris failed: no such city",
    );
  });

  it("fills a schema with them", async () => {
    const input: Step[] = [
      { type: "tool_result", tool: "function", call_id: "c1", result: { type: "json", json: { temp: -7 } } },
    ];
    const settings = json({
      type: "object",
      properties: { temp: { type: "integer" }, city: { type: "string" } },
      required: ["temp", "city"],
    });
    const { output } = foldOf(await eventsOf(quick, { model: "simulator", history: asked, input, settings }));
    expect(JSON.parse(textIn(output))).toEqual({ temp: -7, city: "Paris" });
  });
});

describe("the simulator's own tools", () => {
  const offered: Tool[] = [{ type: "google_search" }, { type: "url_context" }, { type: "code_execution" }];

  it("run when the words ask for them, and are counted", async () => {
    const { output, usage } = await outputOf("Search for sea otters", { tools: offered });
    expect(output.map((step) => step.type)).toEqual(["thought", "tool_call", "tool_result", "model_output"]);
    expect(output[1]).toMatchObject({ tool: "google_search", arguments: { queries: ["sea otters"] } });
    expect(output[3]).toMatchObject({ content: [{ annotations: [{ type: "url_citation" }, {}, {}] }] });
    expect(usage?.grounding_tool_count).toEqual([{ type: "google_search", count: 1 }]);
    expect(usage?.total_tool_use_tokens).toBeGreaterThan(0);
  });

  it("read addresses and run sums", async () => {
    const read = await outputOf("Summarise https://example.com/a, then https://example.org.", { tools: offered });
    expect(read.output[1]).toMatchObject({
      tool: "url_context",
      arguments: { urls: ["https://example.com/a", "https://example.org"] },
    });
    const run = await outputOf("Calculate 12 * 13", { tools: offered });
    expect(run.output[1]).toMatchObject({
      tool: "code_execution",
      arguments: { language: "python", code: "print(12 * 13)" },
    });
    expect(run.output[2]).toMatchObject({ result: { type: "text", text: "156\n" } });
    expect(textIn(run.output)).toContain("156");
  });

  it("rest when they are not asked for or not offered", async () => {
    expect((await outputOf("Hello", { tools: offered })).output).toHaveLength(2);
    expect((await outputOf("Search for otters")).output).toHaveLength(2);
    expect(
      await textOf("Search for otters", { tools: offered, generation_config: { tool_choice: "none" } }),
    ).not.toContain("found");
  });
});

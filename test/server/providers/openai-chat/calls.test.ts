import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../schema/core/json.ts";
import { FunctionNames } from "../../../../server/providers/openai/function-names.ts";
import { calling, chunk, completion, ending, translate } from "../../../cases/chat-chunks.ts";

const piece = (index: number | undefined, args: string, more: { id?: string; name?: string } = {}): object => ({
  ...(index === undefined ? {} : { index }),
  ...(more.id === undefined ? {} : { id: more.id }),
  type: "function",
  function: { ...(more.name === undefined ? {} : { name: more.name }), arguments: args },
});
const whole = (call_id: string, name: string, args: object): object => ({
  type: "tool_call",
  tool: "function",
  call_id,
  name,
  arguments: args,
});

describe("calls of functions", () => {
  it.each<[string, JsonObject[]]>([
    [
      "one after the other",
      [
        calling(piece(0, "{", { id: "a", name: "f" })),
        calling(piece(0, '"x":1}')),
        calling(piece(1, "", { id: "b", name: "g" })),
        calling(piece(1, '{"y":2}')),
      ],
    ],
    [
      "interleaved",
      [
        calling(piece(0, "{", { id: "a", name: "f" }), piece(1, '{"y"', { id: "b", name: "g" })),
        calling(piece(1, ":2}")),
        calling(piece(0, '"x":1}')),
      ],
    ],
    [
      "all in one chunk",
      [calling(piece(0, '{"x":1}', { id: "a", name: "f" }), piece(1, '{"y":2}', { id: "b", name: "g" }))],
    ],
    [
      "each with the same place",
      [calling(piece(0, '{"x":1}', { id: "a", name: "f" })), calling(piece(0, '{"y":2}', { id: "b", name: "g" }))],
    ],
    [
      "without places",
      [
        calling(piece(undefined, '{"x"', { id: "a", name: "f" })),
        calling(piece(undefined, ":1}")),
        calling(piece(undefined, '{"y":2}', { id: "b", name: "g" })),
      ],
    ],
    [
      "without places, going on by id",
      [
        calling(piece(undefined, '{"x"', { id: "a", name: "f" })),
        calling(piece(undefined, '{"y"', { id: "b", name: "g" })),
        calling(piece(undefined, ":1}", { id: "a" })),
        calling(piece(undefined, ":2}", { id: "b" })),
      ],
    ],
    [
      "with id and name in every delta",
      [
        calling(piece(0, '{"x"', { id: "a", name: "f" })),
        calling(piece(0, ":1}", { id: "a", name: "f" })),
        calling(piece(0, "", { id: "a", name: "f" })),
        calling(piece(1, '{"y":2}', { id: "b", name: "g" })),
      ],
    ],
    [
      "with a name that comes late",
      [
        calling(piece(0, '{"x"', { id: "a" })),
        calling(piece(0, ":1}", { name: "f" })),
        calling(piece(1, '{"y":2}', { id: "b", name: "g" })),
      ],
    ],
    [
      "with arguments that are objects",
      [
        calling(
          { id: "a", function: { name: "f", arguments: { x: 1 } } },
          { id: "b", function: { name: "g", arguments: { y: 2 } } },
        ),
      ],
    ],
    [
      "in a whole message",
      [
        completion({
          content: null,
          tool_calls: [
            piece(undefined, '{"x":1}', { id: "a", name: "f" }),
            piece(undefined, '{"y":2}', { id: "b", name: "g" }),
          ],
        }),
      ],
    ],
  ])("are put together where they come %s", (_, chunks) => {
    const { folded, failure } = translate([...chunks, ending("tool_calls")]);
    expect(failure).toBeUndefined();
    expect(folded.status).toBe("requires_action");
    expect(folded.output).toEqual([whole("a", "f", { x: 1 }), whole("b", "g", { y: 2 })]);
  });

  it("are told as they come, as far as steps may not overlap", () => {
    const events = translate([
      calling(piece(0, '{"x"', { id: "a", name: "f" })),
      calling(piece(0, ":1}")),
      calling(piece(1, '{"y":', { id: "b", name: "g" })),
      calling(piece(1, "2}")),
      ending("tool_calls"),
    ]).events.map((event) =>
      event.type === "step.delta" && event.delta.type === "arguments" ? event.delta.text : event.type,
    );
    expect(events).toEqual([
      "step.start",
      '{"x"',
      ":1}",
      "step.stop",
      "step.start",
      '{"y":',
      "2}",
      "step.stop",
      "finish",
    ]);
  });

  it("without ids get numbers that the chain does not have", () => {
    const chunks = [
      calling(piece(0, '{"x":1}', { name: "f" })),
      calling(piece(0, '{"x":2}', { name: "f" })),
      calling(piece(1, '{"x":3}', { name: "f" })),
      ending("stop"),
    ];
    const ids = (taken: string[], callCount: number) =>
      translate(chunks, { taken: new Set(taken), callCount }).folded.output.map((step) =>
        "call_id" in step ? step.call_id : "",
      );
    expect(ids([], 0)).toEqual(["call_0", "call_1", "call_2"]);
    expect(ids(["call_0", "call_1", "call_3"], 3)).toEqual(["call_4", "call_5", "call_6"]);
  });

  it("whose ids the chain has already get others", () => {
    const chunks = [calling(piece(0, "{}", { id: "call_0", name: "f" })), ending("tool_calls")];
    expect(translate(chunks, { taken: new Set(["call_0"]), callCount: 1 }).folded.output).toEqual([
      whole("call_1", "f", {}),
    ]);
  });

  it.each(["", " ", "null", "{}"])("without arguments have none, told as '%s'", (args) => {
    const chunks = [
      calling(piece(0, args, { id: "a", name: "f" })),
      calling(piece(1, args, { id: "b", name: "f" })),
      ending("stop"),
    ];
    expect(translate(chunks).folded.output).toEqual([whole("a", "f", {}), whole("b", "f", {})]);
  });

  it("in the old words are calls too", () => {
    const { folded } = translate([
      chunk({ function_call: { name: "f", arguments: "" } }),
      chunk({ function_call: { arguments: '{"x":1}' } }),
      ending("function_call"),
    ]);
    expect(folded).toMatchObject({ status: "requires_action", output: [whole("call_0", "f", { x: 1 })] });
  });

  it("have the names that the client gave them", () => {
    const names = new FunctionNames(["tools.get:weather", "tools_get_weather"]);
    expect(names.toWire("tools_get_weather")).toBe("tools_get_weather");
    const wire = names.toWire("tools.get:weather");
    expect(wire).toMatch(/^[\w-]{1,64}$/);
    const { folded } = translate([calling(piece(0, "{}", { id: "a", name: wire })), ending("tool_calls")], { names });
    expect(folded.output).toEqual([whole("a", "tools.get:weather", {})]);
  });

  it("let text that comes amid them wait", () => {
    const { folded } = translate([
      calling(piece(0, '{"x"', { id: "a", name: "f" })),
      chunk({ content: "Now" }),
      chunk({ reasoning_content: "Hm." }),
      calling(piece(0, ":1}")),
      chunk({ content: " then." }),
      ending("tool_calls"),
    ]);
    expect(folded.output.map((step) => step.type)).toEqual(["tool_call", "model_output", "thought", "model_output"]);
    expect(folded.output[0]).toEqual(whole("a", "f", { x: 1 }));
  });

  it("that go on after their end, or never get a name, are a failure", () => {
    const goesOn = [
      calling(piece(0, '{"x":1}', { id: "a", name: "f" })),
      calling(piece(1, "{}", { id: "b", name: "g" })),
      calling(piece(0, '{"x":2}')),
    ];
    expect(translate(goesOn).failure).toMatchObject({ code: "upstream_error" });
    const nameless = [calling(piece(0, "{}", { id: "a" })), ending("tool_calls")];
    expect(translate(nameless).failure).toMatchObject({
      code: "upstream_error",
      message: expect.stringContaining("which"),
    });
  });

  it("are kept as far as they came where the answer breaks off", () => {
    const { folded, failure } = translate([
      calling(
        piece(0, '{"x":1}', { id: "a", name: "f" }),
        piece(1, '{"y"', { id: "b", name: "g" }),
        piece(2, "", { id: "c" }),
      ),
    ]);
    expect(failure).toMatchObject({ code: "upstream_error" });
    const { arguments: _none, ...cut } = { ...whole("b", "g", {}), arguments_text: '{"y"' } as Record<string, unknown>;
    expect(folded.output).toEqual([whole("a", "f", { x: 1 }), cut]);
  });
});

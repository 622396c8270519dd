import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../schema/core/json.ts";
import { JsonExtent } from "../../../../server/providers/openai-chat/json-extent.ts";
import { calling, chunk, ending, translate } from "../../../cases/chat-chunks.ts";

// Each took minutes when every piece was read together with all pieces before it; a few tens of milliseconds are enough.

const many = 200_000;

function repeat(count: number, made: JsonObject): JsonObject[] {
  return Array<JsonObject>(count).fill(made);
}

const part = (index: number, text: string, more: object = {}) => ({ index, function: { arguments: text }, ...more });
const call = (index: number, text: string) => ({
  ...part(index, text),
  id: `c${index}`,
  function: { name: "f", arguments: text },
});

describe("an answer of very many pieces", () => {
  it("may be blanks without end, as of models that lost their way in JSON", () => {
    const { folded } = translate([...repeat(many, chunk({ content: " " })), ending("stop")]);
    expect(folded).toMatchObject({ status: "completed", output: [] });
  });

  it("may be blanks without end after thoughts, which belong to the text that follows", () => {
    const { folded } = translate([
      chunk({ reasoning_content: "Hm." }),
      ...repeat(many, chunk({ content: " " })),
      chunk({ content: "x" }),
      ending("stop"),
    ]);
    const [, output] = folded.output;
    expect(output).toEqual({ type: "model_output", content: [{ type: "text", text: `${" ".repeat(many)}x` }] });
  });

  it("may be two calls that come in turns", () => {
    const { folded } = translate([
      calling(call(0, '{"a":"'), call(1, '{"a":"')),
      ...repeat(many, calling(part(0, "xxxx"), part(1, "xxxx"))),
      calling(part(0, '"}'), part(1, '"}')),
      ending("tool_calls"),
    ]);
    const given = { a: "xxxx".repeat(many) };
    expect(folded.output).toMatchObject([{ arguments: given }, { arguments: given }]);
  });

  it("may say something after each piece of a call whose arguments look whole and are not", () => {
    const broken = `{"a":"${"x".repeat(1_000_000)}",}`;
    const { folded } = translate([
      calling(call(0, broken)),
      ...repeat(20_000, chunk({ content: "x" })),
      ending("tool_calls"),
    ]);
    expect(folded.output).toMatchObject([{ arguments_text: broken }, { type: "model_output" }]);
  });

  it("may cite places that its text never reaches", () => {
    const citation = { type: "url_citation", url_citation: { url: "u", start_index: 100_000, end_index: 200_000 } };
    const { folded } = translate([
      chunk({ content: "x".repeat(20_000) }),
      ...repeat(5_000, chunk({ annotations: [citation], content: "y" })),
      ending("stop"),
    ]);
    const [output] = folded.output;
    const [content] = output?.type === "model_output" ? output.content : [];
    const annotations = content?.type === "text" ? (content.annotations ?? []) : [];
    expect(annotations).toHaveLength(5_000);
    expect(annotations[0]).toEqual({ type: "url_citation", url: "u" });
  });

  it("may cite the end of a long text again and again", () => {
    const one = { type: "url_citation", url_citation: { url: "u", start_index: 99_998, end_index: 99_999 } };
    const { folded } = translate([
      chunk({ content: `${"é".repeat(99_998)}🎈` }),
      chunk({ annotations: Array(20_000).fill(one) }),
      ending("stop"),
    ]);
    expect(folded.output).toMatchObject([
      { content: [{ annotations: { 19999: { start_index: 199_996, end_index: 200_000 } } }] },
    ]);
  });

  it("may not be more calls than any model makes", () => {
    const calls = Array.from({ length: 10_001 }, (_, index) => call(index, "{}"));
    const { failure } = translate([calling(...calls), ending("tool_calls")]);
    expect(failure).toMatchObject({ code: "upstream_error" });
    expect(failure?.message).toContain("called more than 10000 functions at once");
  });
});

describe("the extent of an object", () => {
  it.each([
    ['{"a":1}', true],
    ['{"a":{"b":[1,{}]}} \n', true],
    ['{"a":"}"', false],
    ['{"a":"\\"}"', false],
    ['{"a":"\\\\"}', true],
    ['{"a":[}', false],
    ["{} {", false],
    ["{},", false],
    ["null", false],
    ["", false],
  ])("of %s: closed is %s, however it is cut", (text, isClosed) => {
    const whole = new JsonExtent();
    whole.take(text);
    const cut = new JsonExtent();
    for (const character of text) cut.take(character);
    expect([whole.isClosed, cut.isClosed]).toEqual([isClosed, isClosed]);
  });
});

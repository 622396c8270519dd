import { describe, expect, it } from "vitest";
import type { ComposedEvent } from "../../../cases/responses-events.ts";
import { read } from "./samples.ts";

const begun: ComposedEvent = {
  type: "response.output_item.added",
  output_index: 0,
  item: { type: "message", id: "m" },
};
const ended: ComposedEvent = { type: "response.completed", response: { status: "completed", output: [] } };

function delta(content_index: number, text: string): ComposedEvent {
  return { type: "response.output_text.delta", output_index: 0, item_id: "m", content_index, delta: text };
}

describe("an answer with odd numbers", () => {
  it.each([5, 4_000_000_000, -1])("may number its first part %d", (number) => {
    const { folded } = read([begun, delta(number, "a"), delta(number, "b"), ended]);
    expect(folded).toMatchObject({
      status: "completed",
      output: [{ type: "model_output", content: [{ type: "text", text: "ab" }] }],
    });
  });
});

describe("an answer of very many pieces", () => {
  it("may be one call, of which each piece is read once", () => {
    const item = { type: "function_call", id: "i", call_id: "c", name: "f" };
    const piece = { type: "response.function_call_arguments.delta", output_index: 0, delta: "xxxx" };
    const count = 200_000;
    const { folded } = read([
      { type: "response.output_item.added", output_index: 0, item },
      { ...piece, delta: '{"a":"' },
      ...Array<ComposedEvent>(count).fill(piece),
      { ...piece, delta: '"}' },
      ended,
    ]);
    expect(folded.output).toMatchObject([{ type: "tool_call", arguments: { a: "xxxx".repeat(count) } }]);
  });

  it("may not be more items than any answer has", () => {
    const items = Array.from({ length: 10_001 }, (_, output_index) => ({ ...begun, output_index }));
    const { failure } = read([...items, ended]);
    expect(failure).toMatchObject({ code: "upstream_error" });
    expect(failure?.message).toContain("more than 10000 items");
  });
});

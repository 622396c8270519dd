import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeLegacyContents } from "../../../schema/interactions/decode-legacy-contents.ts";
import { encodeOutputs, encodeTurns } from "../../../schema/interactions/encode-legacy-content.ts";
import { step } from "../../cases/arbitraries.ts";

const overTheWire = <T>(value: T): T => JSON.parse(JSON.stringify(value));

describe("the contents of the legacy revision", () => {
  it("that a client sends back as it got them read the same again", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
        const outputs = overTheWire(encodeOutputs(steps));
        expect(overTheWire(encodeOutputs(decodeLegacyContents(outputs, "model", "outputs")))).toEqual(outputs);
      }),
      { numRuns: 200 },
    );
  });

  it("of a turn stay on its side", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
        for (const turn of overTheWire(encodeTurns(steps))) {
          if (!Array.isArray(turn.content) || turn.content.length === 0) continue;
          const role = turn.role === "user" ? "user" : "model";
          const [again] = overTheWire(encodeTurns(decodeLegacyContents(turn.content, role, "input[0].content")));
          expect(again).toEqual(turn);
        }
      }),
      { numRuns: 200 },
    );
  });

  it.each(["user_input", "model_output"])("cannot hold a whole side: %s", (type) => {
    expect(() => decodeLegacyContents([{ type, content: [] }], "model", "input[0].content")).toThrow(
      `The value '${type}' is not supported for 'type' at 'input[0].content[0]'. Supported values: 'text'`,
    );
  });
});

import fc from "fast-check";
import { expect, it } from "vitest";
import type { JsonValue } from "../../../schema/core/json.ts";
import type { Step } from "../../../schema/core/step.ts";
import { decodeStep } from "../../../schema/interactions/decode-step.ts";
import { encodeStep } from "../../../schema/interactions/encode-step.ts";
import { step } from "../../cases/arbitraries.ts";

function overTheWire(value: JsonValue): JsonValue {
  return JSON.parse(JSON.stringify(value));
}

/** The wire does not tell whose a signature is. */
function withoutProvider(value: Step): Step {
  if (!("signature" in value) || value.signature === undefined) return value;
  return { ...value, signature: { value: value.signature.value } };
}

/** An unknown tool's step that grew while it streamed; on the wire it is one object again. */
function grewUnknown(value: Step): boolean {
  return (value.type === "tool_call" || value.type === "tool_result") && value.tool === "other" && "extra" in value;
}

it("a step that was encoded is decoded to itself", () => {
  fc.assert(
    fc.property(step, (value) => {
      fc.pre(!grewUnknown(value));
      expect(decodeStep(overTheWire(encodeStep(value)), "steps[0]")).toEqual(withoutProvider(value));
    }),
    { numRuns: 300 },
  );
});

it("a step that a client sends back as it got it reads the same again", () => {
  fc.assert(
    fc.property(step, (value) => {
      const encoded = overTheWire(encodeStep(value));
      expect(encodeStep(decodeStep(encoded, "input[0]"))).toEqual(encoded);
    }),
    { numRuns: 300 },
  );
});

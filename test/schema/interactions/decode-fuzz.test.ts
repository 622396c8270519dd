import fc from "fast-check";
import { expect, it } from "vitest";
import { HubError } from "../../../schema/core/error.ts";
import { CreateRequest } from "../../../schema/core/interaction.ts";
import { createMembers, decodeCreate } from "../../../schema/interactions/decode-create.ts";
import { errorStatus } from "../../../schema/interactions/encode-error.ts";
import { chooseRevision } from "../../../schema/interactions/revision.ts";
import { toolStepTypes } from "../../../schema/interactions/step-types.ts";

/** Words that lead a decoder into its branches. */
const words = [
  ...[
    "type",
    "role",
    "content",
    "text",
    "data",
    "uri",
    "id",
    "call_id",
    "name",
    "arguments",
    "args",
    "result",
    "tools",
  ],
  ...["function_declarations", "function", "image_config", "tool_choice", "allowed_tools", "speech_config", "schema"],
  ...["user", "model", "user_input", "model_output", "thought", "image", "function_response", "signature", "summary"],
  ...["annotations", "start_index", "mime_type", "__proto__", "constructor", "toString", "new_call", "any", "auto"],
  ...toolStepTypes.keys(),
];

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(fc.constantFrom(...words), fc.jsonValue({ maxDepth: 1 }), fc.constant(null), fc.boolean(), fc.double()),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...words), tie("value"), { maxKeys: 5 }),
  ),
})).value;

const typed = fc
  .tuple(fc.constantFrom(...words), fc.dictionary(fc.constantFrom(...words), json, { maxKeys: 4 }))
  .map(([type, members]) => ({ ...members, type }));

const body = fc.oneof(
  json,
  fc.dictionary(fc.constantFrom(...createMembers, "continuation_token", "x"), json, { maxKeys: 5 }),
  fc.record({ model: fc.constant("m"), input: fc.array(fc.oneof(typed, json), { maxLength: 3 }) }),
  fc
    .tuple(fc.constantFrom(...createMembers), fc.oneof(json, typed, fc.array(typed, { maxLength: 2 })))
    .map(([name, value]) => ({ model: "m", input: "hi", [name]: value })),
);

it("any JSON is a whole request or is refused with a status below 500", () => {
  fc.assert(
    fc.property(body, (value) => {
      const received = JSON.parse(JSON.stringify(value) ?? "null");
      chooseRevision({ path: "/v1beta/interactions", header: () => undefined, body: received });
      try {
        const { request } = decodeCreate(received, "steps");
        CreateRequest.parse(request);
      } catch (error) {
        expect(error).toBeInstanceOf(HubError);
        if (error instanceof HubError) expect(errorStatus(error.code)).toBe(400);
      }
    }),
    { numRuns: 4000 },
  );
});

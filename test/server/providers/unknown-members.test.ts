import { describe, expect, it } from "vitest";
import type { Degradation } from "../../../schema/core/degradation.ts";
import type { Step } from "../../../schema/core/step.ts";
import type { ModelCall } from "../../../schema/provider.ts";
import * as generateContent from "../../../server/providers/generate-content/request.ts";
import { buildRequest } from "../../../server/providers/openai-chat/request.ts";
import * as responses from "../../../server/providers/openai-responses/request.ts";

const input: Step[] = [
  {
    type: "user_input",
    content: [
      { type: "text", text: "Hi", extra: { mood: "calm" } },
      { type: "other", raw: { type: "hologram" } },
    ],
    extra: { channel: 3 },
  },
  {
    type: "tool_result",
    tool: "function",
    call_id: "a",
    result: { type: "content", content: [{ type: "image", data: "iVBORw0KGgo=", extra: { crop: [1] } }] },
  },
];
const call: ModelCall = { model: "gemini-3-pro", history: [], input, settings: {} };

describe("members of what is said that the hub does not know", () => {
  it.each<[string, () => Degradation[]]>([
    ["openai-chat", () => buildRequest(call, { name: "up" }).degradations],
    ["openai-responses", () => responses.toRequest(call, "up").degradations],
    ["generateContent", () => generateContent.toRequest(call, "up").degradations],
  ])("are told to be left out by %s", (_, told) => {
    const fields = told().filter(({ message }) => message.includes("The upstream 'up' does not know"));
    expect(fields.map(({ field }) => field)).toEqual([
      "input[0].channel",
      "input[0].content[0].mood",
      "input[1].result[0].crop",
    ]);
  });

  it("are no news where an upstream is given them all the same", () => {
    const again: Step = {
      type: "model_output",
      content: [{ type: "text", text: "Hi" }],
      extra: { phase: "commentary" },
    };
    const { body, degradations } = responses.toRequest({ ...call, input: [again] }, "up");
    expect(body.input).toMatchObject([{ phase: "commentary" }]);
    expect(degradations).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { answerEvents, type ComposedEvent, responseObject } from "../../../cases/responses-events.ts";
import { callOfWeather, message, read, readRecords } from "./samples.ts";

describe("the end of an answer", () => {
  const partial = answerEvents({ output: [message("All that I")] }).slice(0, -2);

  it.each([
    ["max_output_tokens", "max_output_tokens"],
    ["content_filter", "content_filter"],
    ["steered", "steered"],
  ])("is incomplete for the reason %s", (reason, code) => {
    const { folded } = read(
      answerEvents({ output: [message("Half")], status: "incomplete", incomplete_details: { reason } }),
    );
    expect(folded.status).toBe("incomplete");
    expect(folded.errors).toMatchObject([{ code }]);
    expect(folded.output).toMatchObject([{ content: [{ text: "Half" }] }]);
  });

  it("is complete where the answer is just as long as allowed, if the server would say otherwise", () => {
    const { folded } = read(answerEvents({ output: [message("Exactly.")] }), { limit: 12 });
    expect(folded.status).toBe("completed");
  });

  it("is incomplete where the model refused, with what it said", () => {
    const refusal = { ...message(""), content: [{ type: "refusal", refusal: "I'd rather not." }] };
    const { folded } = read(answerEvents({ output: [refusal] }));
    expect(folded.status).toBe("incomplete");
    expect(folded.errors).toMatchObject([{ code: "refusal" }]);
    expect(folded.output).toMatchObject([{ content: [{ text: "I'd rather not." }] }]);
  });

  it.each<[string, ComposedEvent[], string]>([
    ["an error event", [{ type: "error", code: "server_error", message: "Sorry.", param: null }], "upstream_error"],
    [
      "an error event with an object",
      [{ type: "error", error: { type: "insufficient_quota", code: "insufficient_quota", message: "Used up." } }],
      "quota_exceeded",
    ],
    [
      "a failed response",
      [
        {
          type: "response.failed",
          response: responseObject({
            output: [],
            status: "failed",
            error: { code: "rate_limit_exceeded", message: "Slower." },
          }),
        },
      ],
      "rate_limit_exceeded",
    ],
    ["nothing", [], "upstream_error"],
  ])("is a failure after %s, with the steps so far", (_, end, code) => {
    const { folded, failure } = read([...partial, ...end]);
    expect(failure?.code).toBe(code);
    expect(failure?.message).toContain("vendor");
    expect(folded.status).toBe("in_progress");
    expect(folded.output).toEqual([{ type: "model_output", content: [{ type: "text", text: "All that I" }] }]);
  });

  it("tells items that waited for their turn before it fails", () => {
    const events = answerEvents({ output: [message("First."), callOfWeather(1, "Porto")] });
    const open = events.filter(({ type, output_index }) => !type.endsWith(".done") || output_index === 1).slice(0, -1);
    const { folded, failure } = read(open);
    expect(failure?.code).toBe("upstream_error");
    expect(folded.output).toMatchObject([{ content: [{ text: "First." }] }, { arguments: { city: "Porto" } }]);
  });

  it("is a failure where something is no JSON", () => {
    const { failure, folded } = readRecords([...partial.map((event) => JSON.stringify(event)), "{not json"]);
    expect(failure).toMatchObject({ code: "upstream_error", message: expect.stringContaining("JSON") });
    expect(folded.output).toHaveLength(1);
  });

  it("tells no usage where the server tells none", () => {
    const events = answerEvents({ output: [message("Hm.")] });
    const last = events.at(-1);
    const { folded } = read([
      ...events.slice(0, -1),
      { type: "response.completed", response: { id: String(last?.id) } },
    ]);
    expect(folded.status).toBe("completed");
    expect(folded.usage).toBeUndefined();
  });
});

import { describe, expect, it } from "vitest";
import type { ProviderEvent } from "../../../../schema/core/event.ts";
import type { JsonObject } from "../../../../schema/core/json.ts";
import { completed, created, newReader, readAll, stepped } from "../../../cases/gemini-provider.ts";
import { foldOf } from "../../../cases/provider.ts";

describe("an end", () => {
  const ends: [interaction: JsonObject, finish: object][] = [
    [{ status: "completed" }, { status: "completed" }],
    [{ status: "cancelled" }, { status: "cancelled" }],
    [{ status: "incomplete" }, { status: "incomplete", errors: [{ code: "max_output_tokens" }] }],
    [{ status: "budget_exceeded" }, { status: "incomplete", errors: [{ code: "budget_exceeded" }] }],
    [{ status: "hibernating" }, { status: "incomplete", errors: [{ code: "hibernating" }] }],
    [{ status: "failed" }, { status: "failed", errors: [{ code: "upstream_error" }] }],
    [
      {
        status: "failed",
        errors: [
          { code: "safety", message: "No." },
          { code: "service_unavailable", message: "Busy." },
        ],
      },
      { status: "failed", errors: [{ code: "safety", message: "No." }, { code: "unavailable" }] },
    ],
  ];

  it.each(ends)("of %j is told in the hub's words", (interaction, finish) => {
    expect(readAll([created, { event_type: "interaction.completed", interaction }])).toEqual([
      { type: "upstream", id: "v1_a" },
      { type: "finish", ...finish, ...errorsOf(finish) },
    ]);
  });

  function errorsOf(finish: { errors?: object[] }): object {
    if (finish.errors === undefined) return {};
    return { errors: finish.errors.map((error) => ({ message: expect.any(String), ...error })) };
  }

  it("may be told by the state alone, if the stream ends with it", () => {
    const update = { event_type: "interaction.status_update", interaction_id: "v1_a", status: "cancelled" };
    expect(readAll([created, update]).at(-1)).toEqual({ type: "finish", status: "cancelled" });
    expect(newReader().end()).toEqual([]);
    expect(readAll([created])).toEqual([]);
  });

  it("of a generation that was blocked is an answer, and closes what is open", () => {
    const events = readAll([
      created,
      { event_type: "step.start", index: 0, step: { type: "model_output" } },
      { event_type: "error", error: { code: "SAFETY", message: "Blocked." } },
    ]);
    expect(events.slice(-2)).toEqual([
      { type: "step.stop" },
      { type: "finish", status: "failed", errors: [{ code: "safety", message: "Blocked." }] },
    ]);
  });

  it.each([
    [{ code: "gateway_timeout", message: "Late." }, "deadline_exceeded"],
    [{ code: "service_unavailable" }, "unavailable"],
    [{ message: "Something." }, "upstream_error"],
    [undefined, "upstream_error"],
  ])("by trouble of Google's is none: %j", (error, code) => {
    const event = { event_type: "error", ...(error === undefined ? {} : { error }) };
    expect(() => readAll([created, event])).toThrow(expect.objectContaining({ code }));
  });

  it("adds up what the parts of an answer used", () => {
    const part = (id: string, status: string, tokens: number): JsonObject[] => [
      { event_type: "interaction.created", interaction: { id, status: "in_progress" } },
      ...stepped({ type: "model_output" }, { type: "text", text: id }),
      {
        event_type: "interaction.completed",
        interaction: {
          id,
          status,
          usage: {
            total_tokens: tokens,
            total_output_tokens: tokens,
            output_tokens_by_modality: [{ modality: "text", tokens }],
          },
        },
      },
    ];
    const events = readAll([...part("v1_a", "requires_continuation", 2), ...part("v1_b", "completed", 3)]);
    expect(events.filter(({ type }) => type === "upstream")).toEqual([
      { type: "upstream", id: "v1_a" },
      { type: "upstream", id: "v1_b" },
    ]);
    expect(foldOf(events)).toMatchObject({
      status: "completed",
      output: [{ content: [{ text: "v1_a" }] }, { content: [{ text: "v1_b" }] }],
      usage: {
        total_tokens: 5,
        total_output_tokens: 5,
        output_tokens_by_modality: [{ modality: "text", tokens: 5 }],
      },
    });
    // A part that nobody continues is no whole answer; one that is cut in its next part has no end.
    expect(readAll(part("v1_a", "requires_continuation", 2)).at(-1)).toMatchObject({ status: "incomplete" });
    const cut = [...part("v1_a", "requires_continuation", 2), ...part("v1_b", "completed", 3).slice(0, 2)];
    expect(readAll(cut).some(({ type }) => type === "finish")).toBe(false);
  });
});

describe("the id under which Google keeps an answer", () => {
  it("is told with the first thing that is said under it, or at once where that is wanted", () => {
    const lazy = newReader();
    expect(lazy.read(created)).toEqual([]);
    expect(lazy.begun).toBe(false);
    const eager = newReader([], true);
    expect(eager.read(created)).toEqual([{ type: "upstream", id: "v1_a" }]);
    expect(eager.begun).toBe(false);
  });

  it("is none where nothing is stored", () => {
    const unstored = { event_type: "interaction.created", interaction: { id: "", status: "in_progress" } };
    const said: ProviderEvent[] = readAll([unstored, completed]);
    expect(said.map(({ type }) => type)).toEqual(["finish"]);
  });
});

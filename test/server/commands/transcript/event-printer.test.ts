import { describe, expect, test } from "vitest";
import type { WireEvent } from "../../../../server/commands/client/follow-interaction.ts";
import { EventPrinter } from "../../../../server/commands/transcript/event-printer.ts";

async function printed(events: object[], wanted = true): Promise<{ answers: string; asides: string }> {
  const seen = { answers: "", asides: "" };
  const stream = (name: keyof typeof seen) => ({
    isTerminal: false,
    write: async (piece: string | Uint8Array) => {
      seen[name] += Buffer.from(piece).toString();
    },
  });
  const printer = new EventPrinter({
    answers: stream("answers"),
    asides: wanted ? stream("asides") : undefined,
    paint: (_color, text) => text,
  });
  for (const event of events) await printer.print(event as WireEvent);
  await printer.endLine();
  return seen;
}

const start = (index: number, step: object) => ({ event_type: "step.start", index, step });
const delta = (index: number, delta: object) => ({ event_type: "step.delta", index, delta });
const stop = (index: number) => ({ event_type: "step.stop", index });

describe("the events of an interaction, for people", () => {
  test("the answer is text as it comes, with one line end behind it", async () => {
    const text = [
      start(0, { type: "model_output" }),
      delta(0, { type: "text", text: "one " }),
      delta(0, { type: "text", text: "two" }),
    ];
    expect(await printed([...text, stop(0)])).toEqual({ answers: "one two\n", asides: "" });
    const ended = [...text, delta(0, { type: "text", text: "\n" })];
    expect((await printed(ended)).answers).toBe("one two\n");
  });

  test("a call is one line with its whole arguments, and so is what came of it", async () => {
    const events = [
      start(0, { type: "function_call", id: "a", name: "get_weather", arguments: {}, signature: "" }),
      delta(0, { type: "arguments_delta", arguments: '{"city":' }),
      delta(0, { type: "arguments_delta", arguments: '"Paris"}' }),
      stop(0),
      start(1, { type: "mcp_server_tool_result", call_id: "b", name: "search" }),
      delta(1, { type: "mcp_server_tool_result", result: "nothing\nfound \u{1B}[2J", is_error: true }),
      stop(1),
      start(2, { type: "google_search_call", id: "c", arguments: { queries: ["x"] } }),
      stop(2),
    ];
    expect((await printed(events)).asides).toBe(
      '→ get_weather {"city":"Paris"}\n← search (failed) nothing found ␛[2J\n→ google_search {"queries":["x"]}\n',
    );
    expect(await printed(events, false)).toEqual({ answers: "", asides: "" });
  });

  test("thoughts and media stand beside the answer, each on lines of its own", async () => {
    const events = [
      start(0, { type: "thought" }),
      delta(0, { type: "thought_summary", content: { type: "text", text: "Let me see." } }),
      delta(0, { type: "thought_signature", signature: "secret" }),
      stop(0),
      start(1, { type: "model_output" }),
      delta(1, { type: "text", text: "Here" }),
      delta(1, { type: "image", mime_type: "image/png", data: "A".repeat(4000) }),
      delta(1, { type: "text", text: " it is" }),
      stop(1),
    ];
    expect(await printed(events)).toEqual({
      answers: "Here\n it is\n",
      asides: "Let me see.\n[image/png, 3.0 kB]\n",
    });
  });
});

import { describe, expect, it } from "vitest";
import type { ProviderEvent } from "../../../../schema/core/event.ts";
import type { Interaction } from "../../../../schema/core/interaction.ts";
import type { JsonObject } from "../../../../schema/core/json.ts";
import type { Step } from "../../../../schema/core/step.ts";
import { connectGemini } from "../../../cases/gemini-provider.ts";
import { callOf, eventsOf, foldOf } from "../../../cases/provider.ts";
import { startFakeGoogle } from "../../../cases/start-fake-google.ts";

describe("an answer that breaks off", () => {
  const question = callOf("gemini-3.8-flash", "Tell me of Zürich and of Genève");

  /** The answer as it is when nothing breaks, and of how many events of Google's it is. */
  async function uncut(): Promise<Interaction & { length: number }> {
    const { google, provider } = await startFakeGoogle();
    const events = await eventsOf(provider, question);
    await google.close();
    // The beginning and the state are no steps; the id is no event of its own.
    return { ...foldOf(events), length: events.length + 1 };
  }

  it.each(["yes", "no", "whole"] as const)("is gone on with wherever it was cut, with cursors: %s", async (cursors) => {
    const expected = await uncut();
    const { google, provider } = await startFakeGoogle({ cursors });
    for (let cut = 3; cut < expected.length; cut += 1) {
      google.manner.cuts = [cut];
      const asked = google.requests.length;
      const events = await eventsOf(provider, question);
      const answer = foldOf(events);
      expect(answer.output.map(withoutSignature), `cut after ${cut}`).toEqual(expected.output.map(withoutSignature));
      expect(answer).toMatchObject({ status: "completed", usage: expected.usage });
      const [create, ...resumed] = google.requests.slice(asked);
      expect(create?.method).toBe("POST");
      expect(resumed.map(({ method }) => method)).toContain("GET");
      if (cursors === "yes")
        expect(resumed.map(({ path }) => path)).toEqual([expect.stringContaining("last_event_id=e")]);
      expect(events.filter(({ type }) => type === "upstream")).toHaveLength(1);
    }
  });

  it("is gone on with however often it breaks off, as long as more comes", async () => {
    const expected = await uncut();
    const { google, provider } = await startFakeGoogle({ cuts: [3, 1, 0, 2, 1, 1, 1, 1] });
    const answer = foldOf(await eventsOf(provider, question));
    expect(answer.output.map(withoutSignature)).toEqual(expected.output.map(withoutSignature));
    expect(google.requests).toHaveLength(9);
  });

  it("has failed where Google keeps nothing of what nobody heard, with what was said until then", async () => {
    const { provider } = await startFakeGoogle({ cursors: "no", keepsUnheard: false, cuts: [7] });
    const events: ProviderEvent[] = [];
    const listening = (async () => {
      for await (const event of provider.run(question, new AbortController().signal)) events.push(event);
    })();
    await expect(listening).rejects.toMatchObject({
      code: "upstream_error",
      message: expect.stringContaining("broke off"),
    });
    expect(events.map(({ type }) => type)).toEqual([
      "upstream",
      "step.start",
      "step.delta",
      "step.stop",
      "step.start",
      "step.delta",
    ]);
  });

  it("has failed where nothing is stored", async () => {
    const { google, provider } = await startFakeGoogle({ cuts: [7] });
    await expect(eventsOf(provider, { ...question, store: false })).rejects.toMatchObject({ code: "upstream_error" });
    expect(google.requests).toHaveLength(1);
    expect(google.requests[0]?.body?.store).toBe(false);
  });

  it("is gone on with after trouble of Google's, but not after a refusal", async () => {
    const { google, provider } = await startFakeGoogle({ cursors: "no" });
    const step = { index: 0, step: { type: "model_output" }, event_type: "step.start" };
    const failing = (code: string) => ({ say: [step, { event_type: "error", error: { code, message: "Sorry." } }] });
    google.manner.answer = () => failing("gateway_timeout");
    await expect(eventsOf(provider, question)).rejects.toMatchObject({ code: "deadline_exceeded" });
    const asked = google.requests.length;
    expect(asked).toBeGreaterThan(3);
    google.manner.answer = () => failing("invalid_request");
    await expect(eventsOf(provider, question)).rejects.toMatchObject({ code: "invalid_request" });
    expect(google.requests).toHaveLength(asked + 1);
  });

  it.each(["api_error", "service_unavailable", "rate_limit_exceeded"])(
    "is told at once as failed where Google says so by '%s', before a cut and after one",
    async (code) => {
      const { google, provider } = await startFakeGoogle();
      const step = { index: 0, step: { type: "model_output" }, event_type: "step.start" };
      const text = { index: 0, delta: { type: "text", text: "Half" }, event_type: "step.delta" };
      google.manner.answer = () => ({ say: [step, text, { event_type: "error", error: { code, message: "Sorry." } }] });
      for (const [cuts, methods] of [
        [[], ["POST"]],
        [[3], ["POST", "GET"]],
      ] as const) {
        google.manner.cuts = [...cuts];
        const asked = google.requests.length;
        await expect(eventsOf(provider, question)).rejects.toMatchObject({
          message: expect.stringContaining("Sorry."),
        });
        expect(google.requests.slice(asked).map(({ method }) => method)).toEqual(methods);
      }
      // What goes on by itself is asked for once more: it knows best.
      const asked = google.requests.length;
      google.manner.answer = () => ({ say: [step, { event_type: "error", error: { code, message: "Sorry." } }] });
      const listening = eventsOf(provider, { ...question, background: true }, AbortSignal.timeout(300));
      await expect(listening).rejects.toThrow();
      expect(google.requests.length).toBeGreaterThan(asked + 2);
    },
  );

  it("that Google stops at its limit for one request is gone on with by its token", async () => {
    const { google, provider } = await startFakeGoogle();
    const part = (text: string): JsonObject[] => [
      { index: 0, step: { type: "model_output" }, event_type: "step.start" },
      { index: 0, delta: { type: "text", text }, event_type: "step.delta" },
      { index: 0, event_type: "step.stop" },
    ];
    const stopped = { status: "requires_continuation", continuation_token: "T", usage: { total_tokens: 2 } };
    google.manner.answer = ({ continuation_token: token }) =>
      token === undefined
        ? {
            say: [
              ...part("first"),
              { interaction: { id: "v1_fake-1", ...stopped }, event_type: "interaction.completed" },
            ],
          }
        : {
            say: [
              ...part("second"),
              { interaction: { status: "completed", usage: { total_tokens: 3 } }, event_type: "interaction.completed" },
            ],
          };
    const events = await eventsOf(provider, question);
    expect(foldOf(events)).toMatchObject({
      status: "completed",
      output: [{ content: [{ text: "first" }] }, { content: [{ text: "second" }] }],
      usage: { total_tokens: 5 },
    });
    expect(google.requests[1]?.body).toMatchObject({ continuation_token: "T", previous_interaction_id: "v1_fake-1" });
    expect(events.filter(({ type }) => type === "upstream").at(-1)).toEqual({ type: "upstream", id: "v1_fake-2" });
  });

  it("is asked for again where nothing was said yet", async () => {
    const { google } = await startFakeGoogle({ cuts: [1] });
    const provider = connectGemini(google.url, { retries: 1 });
    expect(foldOf(await eventsOf(provider, question)).status).toBe("completed");
    expect(google.requests.map(({ method }) => method)).toEqual(["POST", "POST"]);
  });
});

function withoutSignature(step: Step): Step {
  if (step.type !== "thought") return step;
  const { signature: _signature, ...rest } = step;
  return rest;
}

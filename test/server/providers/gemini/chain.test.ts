import { describe, expect, it } from "vitest";
import type { ProviderEvent } from "../../../../schema/core/event.ts";
import type { Interaction } from "../../../../schema/core/interaction.ts";
import type { Settings } from "../../../../schema/core/settings.ts";
import type { Step } from "../../../../schema/core/step.ts";
import type { ModelCall, Provider } from "../../../../schema/provider.ts";
import { callOf, eventsOf, foldOf, saying } from "../../../cases/provider.ts";
import { startFakeGoogle } from "../../../cases/start-fake-google.ts";

const model = "gemini-3.8-flash";
const weather: Settings = { tools: [{ type: "function", name: "weather", parameters: { type: "object" } }] };

describe("a round trip with a function", () => {
  it("goes on by Google's own id and sends only what is new", async () => {
    const { google, provider } = await startFakeGoogle();
    const { first, second } = await firstTurn(provider);
    expect(first.status).toBe("requires_action");
    expect(first.output.at(-1)).toMatchObject({ name: "weather", arguments: { place: "Zürich" } });

    const events = await eventsOf(provider, second);
    expect(foldOf(events)).toMatchObject({
      status: "completed",
      output: [{ type: "thought" }, { content: [{ text: 'It says: {"rain":true}.' }] }],
    });
    expect(degradationsIn(events)).toEqual([]);
    const { body } = google.requests.at(-1) ?? {};
    expect(body?.previous_interaction_id).toBe(second.anchor?.id);
    expect(body?.input).toEqual([
      { type: "function_result", call_id: "call_1", name: "weather", result: { rain: true } },
    ]);
  });

  it("tells the whole chain again where Google has forgotten it, and says so", async () => {
    const { google, provider } = await startFakeGoogle();
    const { first, second } = await firstTurn(provider);
    google.forget(second.anchor?.id ?? "");
    const events = await eventsOf(provider, second);
    expect(foldOf(events).status).toBe("completed");
    expect(events[0]?.type).toBe("degraded");
    expect(degradationsIn(events)).toEqual(["previous_interaction_id"]);
    const bodies = google.requests.map(({ body }) => body);
    expect(bodies).toHaveLength(3);
    expect(bodies[2]?.previous_interaction_id).toBeUndefined();
    const thought = first.output[0];
    expect(bodies[2]?.input).toEqual([
      { type: "user_input", content: [{ type: "text", text: "Will it rain?" }] },
      { type: "thought", signature: thought?.type === "thought" ? thought.signature?.value : "" },
      { type: "function_call", id: "call_1", name: "weather", arguments: { place: "Zürich" } },
      { type: "function_result", call_id: "call_1", name: "weather", result: { rain: true } },
    ]);
  });

  it.each([false, true])("does so too where Google says it only in its stream, background: %s", async (background) => {
    const { google, provider } = await startFakeGoogle();
    const { second } = await firstTurn(provider);
    const error = { code: "not_found", message: "Failed to get completed interaction: Result not found." };
    google.manner.answer = ({ previous_interaction_id: parent }) =>
      parent === undefined ? undefined : { say: [{ event_type: "error", error }] };
    const events = await eventsOf(provider, { ...second, background });
    expect(foldOf(events).status).toBe("completed");
    expect(degradationsIn(events)).toEqual(["previous_interaction_id"]);
  });

  it("does not tell the chain again for any other refusal", async () => {
    const { google, provider } = await startFakeGoogle();
    const { second } = await firstTurn(provider);
    google.manner.answer = () => ({ refuse: 400, error: { code: "invalid_request", message: "Invalid enum value." } });
    await expect(eventsOf(provider, second)).rejects.toMatchObject({ code: "invalid_request" });
    expect(google.requests).toHaveLength(2);
  });

  it("tells what is wrong with the request where that was not what Google had forgotten", async () => {
    const { google, provider } = await startFakeGoogle();
    const { second } = await firstTurn(provider);
    const message = "Request contains an invalid argument.";
    google.manner.answer = () => ({ refuse: 400, error: { code: "invalid_request", message } });
    await expect(eventsOf(provider, second)).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining(message),
    });
    expect(google.requests).toHaveLength(3);
  });

  it("works for a call that another vendor's model made", async () => {
    const { google, provider } = await startFakeGoogle();
    const call: Step = { type: "tool_call", tool: "function", call_id: "c", name: "weather", arguments: {} };
    const history: Step[] = [saying("Rain?"), { type: "thought", summary: [{ type: "text", text: "Hm." }] }, call];
    const input = [resultOf(call)];
    const foreign: ModelCall = { model, history, history_by: history.map(() => "other"), input, settings: weather };
    const events = await eventsOf(provider, foreign);
    expect(foldOf(events).status).toBe("completed");
    expect(degradationsIn(events)).toEqual(["history[1]"]);
    expect(google.requests[0]?.body?.input).toMatchObject([
      { type: "user_input" },
      { type: "thought", signature: "skip_thought_signature_validator" },
      { type: "function_call", id: "c" },
      { type: "function_result", name: "weather" },
    ]);
  });
});

function degradationsIn(events: readonly ProviderEvent[]): string[] {
  return events.flatMap((event) => (event.type === "degraded" ? event.degradations.map(({ field }) => field) : []));
}

function resultOf(step: Step | undefined): Step {
  if (step?.type !== "tool_call") throw new Error("nothing was called");
  return {
    type: "tool_result",
    tool: "function",
    call_id: step.call_id,
    result: { type: "json", json: { rain: true } },
  };
}

/** A first turn that ends with a call, and the call of the second, which answers it. */
async function firstTurn(provider: Provider): Promise<{ first: Interaction; second: ModelCall }> {
  const call = callOf(model, "Will it rain?", weather);
  const events = await eventsOf(provider, call);
  const first = foldOf(events);
  const history = [...call.input, ...first.output];
  return {
    first,
    second: {
      model,
      history,
      history_by: history.map(() => provider.name),
      input: [resultOf(first.output.at(-1))],
      settings: weather,
      anchor: { id: idIn(events), steps: history.length },
    },
  };
}

function idIn(events: readonly ProviderEvent[]): string {
  const told = events.find((event) => event.type === "upstream");
  return told?.id ?? "";
}

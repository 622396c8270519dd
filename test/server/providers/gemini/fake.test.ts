import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { ProviderEvent } from "../../../../schema/core/event.ts";
import type { Interaction } from "../../../../schema/core/interaction.ts";
import type { Settings } from "../../../../schema/core/settings.ts";
import type { Step } from "../../../../schema/core/step.ts";
import type { ModelCall, Provider } from "../../../../schema/provider.ts";
import { type FakeGemini, type FakeGeminiManner, startFakeGemini } from "../../../cases/fake-gemini.ts";
import { connectGemini } from "../../../cases/gemini-provider.ts";
import { callOf, eventsOf, foldOf, saying } from "../../../cases/provider.ts";
import { until } from "../../../cases/until.ts";

const model = "gemini-3.8-flash";
const weather: Settings = { tools: [{ type: "function", name: "weather", parameters: { type: "object" } }] };

let fake: FakeGemini | undefined;

afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

async function start(manner: Partial<FakeGeminiManner> = {}): Promise<{ google: FakeGemini; provider: Provider }> {
  const google = await startFakeGemini(manner);
  fake = google;
  return { google, provider: connectGemini(google.url) };
}

function idIn(events: readonly ProviderEvent[]): string {
  const ids = events.flatMap((event) => (event.type === "upstream" ? [event.id] : []));
  expect(ids).toHaveLength(1);
  return ids[0] ?? "";
}

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

describe("a round trip with a function", () => {
  it("goes on by Google's own id and sends only what is new", async () => {
    const { google, provider } = await start();
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
    const { google, provider } = await start();
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

  it("does not tell the chain again for any other refusal", async () => {
    const { google, provider } = await start();
    const { second } = await firstTurn(provider);
    google.manner.answer = () => ({ refuse: 400, error: { code: "invalid_request", message: "Invalid enum value." } });
    await expect(eventsOf(provider, second)).rejects.toMatchObject({ code: "invalid_request" });
    expect(google.requests).toHaveLength(2);
  });

  it("tells what is wrong with the request where that was not what Google had forgotten", async () => {
    const { google, provider } = await start();
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
    const { google, provider } = await start();
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

describe("an answer that breaks off", () => {
  const question = callOf(model, "Tell me of Zürich and of Genève");

  /** The answer as it is when nothing breaks, and of how many events of Google's it is. */
  async function uncut(): Promise<Interaction & { length: number }> {
    const { google, provider } = await start();
    const events = await eventsOf(provider, question);
    await google.close();
    // The beginning and the state are no steps; the id is no event of its own.
    return { ...foldOf(events), length: events.length + 1 };
  }

  it.each(["yes", "no", "whole"] as const)("is gone on with wherever it was cut, with cursors: %s", async (cursors) => {
    const expected = await uncut();
    const { google, provider } = await start({ cursors });
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
      idIn(events);
    }
  });

  it("is gone on with however often it breaks off, as long as more comes", async () => {
    const expected = await uncut();
    const { google, provider } = await start({ cuts: [3, 1, 0, 2, 1, 1, 1, 1] });
    const answer = foldOf(await eventsOf(provider, question));
    expect(answer.output.map(withoutSignature)).toEqual(expected.output.map(withoutSignature));
    expect(google.requests).toHaveLength(9);
  });

  it("has failed where Google keeps nothing of what nobody heard, with what was said until then", async () => {
    const { provider } = await start({ cursors: "no", keepsUnheard: false, cuts: [7] });
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
    const { google, provider } = await start({ cuts: [7] });
    await expect(eventsOf(provider, { ...question, store: false })).rejects.toMatchObject({ code: "upstream_error" });
    expect(google.requests).toHaveLength(1);
    expect(google.requests[0]?.body?.store).toBe(false);
  });

  it("is asked for again where nothing was said yet", async () => {
    const { google } = await start({ cuts: [1] });
    const provider = connectGemini(google.url, { retries: 1 });
    expect(foldOf(await eventsOf(provider, question)).status).toBe("completed");
    expect(google.requests.map(({ method }) => method)).toEqual(["POST", "POST"]);
  });
});

describe("a background run", () => {
  const question: ModelCall = { ...callOf(model, "Take your time"), background: true };

  it("tells its id before anything is said, and goes on while nobody listens", async () => {
    const { google, provider } = await start({ pace: 5, cuts: [2] });
    const events = await eventsOf(provider, question);
    expect(events[0]).toEqual({ type: "upstream", id: "v1_fake-1" });
    expect(foldOf(events).status).toBe("completed");
    expect(google.requests.map(({ method }) => method)).toEqual(["POST", "GET"]);
    expect(google.requests[0]?.body).toMatchObject({ background: true, stream: true });
  });

  it("is asked for until it has ended where its stream cannot be gone on with", async () => {
    const { google, provider } = await start({ pace: 20, cursors: "no", cuts: [4] });
    expect(foldOf(await eventsOf(provider, question)).status).toBe("completed");
    expect(google.requests.filter(({ method }) => method === "GET").length).toBeGreaterThan(1);
  });

  it("is told to stop when nobody wants it any more", async () => {
    const { google, provider } = await start({ pace: 50 });
    const controller = new AbortController();
    const listening = eventsOf(provider, question, controller.signal);
    await until(() => google.ids().length > 0 && google.requests.length > 0);
    await wait(30);
    controller.abort();
    await expect(listening).rejects.toThrow();
    await until(() => google.statusOf("v1_fake-1") === "cancelled");
  });

  it("is not told to stop when it has ended", async () => {
    const { google, provider } = await start();
    const controller = new AbortController();
    await eventsOf(provider, question, controller.signal);
    controller.abort();
    await wait(20);
    expect(google.requests.map(({ path }) => path)).toEqual(["/v1beta/interactions"]);
  });

  it("ends where Google was told elsewhere to cancel it", async () => {
    const { google, provider } = await start({ pace: 20 });
    const listening = eventsOf(provider, question);
    await until(() => google.ids().length > 0);
    const headers = { "x-goog-api-key": "hub-key" };
    await fetch(`${google.url}/v1beta/interactions/v1_fake-1/cancel`, { method: "POST", headers });
    expect(foldOf(await listening).status).toBe("cancelled");
  });
});

describe("keys", () => {
  it("are the hub's own, or those of whoever asks where that is set up", async () => {
    const { google, provider } = await start({ keys: ["hub-key", "mine"] });
    await eventsOf(provider, { ...callOf(model, "Hi"), caller_key: "mine" });
    const passing = connectGemini(google.url, { caller_key: true });
    await eventsOf(passing, { ...callOf(model, "Hi"), caller_key: "mine" });
    expect(google.requests.map(({ key }) => key)).toEqual(["hub-key", "mine"]);
  });

  it("that are refused are the fault of whoever they belong to", async () => {
    const { google } = await start({ keys: [] });
    await expect(eventsOf(connectGemini(google.url), callOf(model, "Hi"))).rejects.toMatchObject({
      code: "upstream_error",
      message: "The upstream 'google' refused the hub's key (status 401).",
    });
    const passing = connectGemini(google.url, { caller_key: true });
    await expect(eventsOf(passing, { ...callOf(model, "Hi"), caller_key: "mine" })).rejects.toMatchObject({
      code: "authentication",
    });
    await expect(eventsOf(passing, callOf(model, "Hi"))).rejects.toMatchObject({ code: "authentication" });
    expect(google.requests).toHaveLength(2);
  });

  it("are not looked for in the environment", async () => {
    const { google } = await start();
    process.env.GOOGLE_API_KEY = "from-the-environment";
    try {
      await expect(eventsOf(connectGemini(google.url, { key: undefined }), callOf(model, "Hi"))).rejects.toThrow();
    } finally {
      delete process.env.GOOGLE_API_KEY;
    }
    expect(google.requests.map(({ key }) => key)).toEqual([undefined]);
  });
});

function withoutSignature(step: Step): Step {
  if (step.type !== "thought") return step;
  const { signature: _signature, ...rest } = step;
  return rest;
}

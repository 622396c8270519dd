import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../schema/core/json.ts";
import type { FakeGemini } from "../cases/fake-gemini.ts";
import { idOf, ofType, saidIn, textOf } from "./answers.ts";
import { resultFor } from "./suite-functions.ts";
import { setUpstreamStage, type UpstreamStage } from "./upstream-stage.ts";
import { bothGenerations, question, upstreamSuite, weather } from "./upstream-suite.ts";
import { vendors } from "./vendors.ts";

upstreamSuite(vendors.gemini);

describe.each(bothGenerations)("release %s and Google's own memory", (release) => {
  const { model } = vendors.gemini;
  let google: FakeGemini;
  let stage: UpstreamStage;
  beforeEach(async () => {
    const running = await vendors.gemini.start();
    google = running.fake;
    stage = await setUpstreamStage(running, release);
  });
  afterEach(async () => {
    await stage.close();
  });

  async function ask(input: JsonValue, parent?: JsonObject, others: JsonObject = {}): Promise<JsonObject> {
    const previous_interaction_id = parent?.id ?? null;
    return stage.client.create({ model, input, previous_interaction_id, ...others });
  }

  const typesOf = ({ input }: JsonObject): unknown[] => (input as JsonObject[]).map(({ type }) => type);

  test("a chain goes on by Google's ids, and only what is new is sent, also after a restart of the hub", async () => {
    const asked = await ask(question, undefined, { tools: [weather] });
    const [call] = ofType(stage.client.produced(asked), "function_call");
    await stage.restart();
    const answered = await ask([resultFor(call, "cloudless")], asked, { tools: [weather] });
    expect(stage.lastAsked()).toMatchObject({
      previous_interaction_id: google.ids()[0],
      input: [{ type: "function_result", call_id: call?.id, name: "get_weather", result: "cloudless" }],
    });
    expect(typesOf(stage.lastAsked())).toHaveLength(1);
    await ask("Thanks", answered);
    expect(stage.lastAsked()).toMatchObject({ previous_interaction_id: google.ids()[1], input: [{}] });
    expect(google.ids()).not.toContain(answered.id);
  });

  test("what Google has forgotten is told again as it was signed, and the chain goes on from there", async () => {
    const asked = await ask(question, undefined, { tools: [weather] });
    const [call] = ofType(stage.client.produced(asked), "function_call");
    const answered = await ask([resultFor(call, "cloudless")], asked, { tools: [weather] });
    for (const id of google.ids()) google.forget(id);
    const thanked = await ask("Thanks", answered);
    expect(thanked.status).toBe("completed");
    expect(textOf(stage.client, thanked)).toContain(question);
    expect(stage.lastAsked().previous_interaction_id).toBeUndefined();
    const said = ["user_input", "thought", "function_call", "function_result", "thought", "model_output", "user_input"];
    expect(typesOf(stage.lastAsked())).toEqual(said);
    await ask("Once more", thanked);
    expect(stage.lastAsked()).toMatchObject({ previous_interaction_id: google.ids()[0], input: [{}] });
  });

  test("a stream that is cut between Google and the hub is gone on with, and no client notices", async () => {
    const params = { model, input: "one two three four five six" };
    const whole = saidIn(stage.client, stage.client.fold(await stage.client.stream(params)));
    for (const background of [false, true]) {
      google.manner.cuts = [6, 2];
      const requests = google.requests.length;
      const events = await stage.client.stream({ ...params, background });
      expect(saidIn(stage.client, stage.client.fold(events))).toBe(whole);
      expect(events.at(-1)).toMatchObject({ interaction: { status: "completed" } });
      expect(stage.client.fold(await stage.client.replay(idOf(events)))).toEqual(stage.client.fold(events));
      const asked = google.requests.slice(requests).map(({ method }) => method);
      expect(asked).toEqual(["POST", "GET", "GET"]);
    }
  });

  test("a background run that is cancelled or deleted, or whose hub stops, is cancelled at Google's too", async () => {
    google.manner.pace = 300;
    const begin = (): Promise<JsonObject> => ask("one two three four five six", undefined, { background: true });
    const [cancelled, deleted, stopped] = [await begin(), await begin(), await begin()];
    const states = (): unknown[] => google.ids().map((id) => google.statusOf(id));
    await expect.poll(states).toEqual(["in_progress", "in_progress", "in_progress"]);
    await stage.client.cancel(String(cancelled.id));
    await stage.client.remove(String(deleted.id));
    await expect.poll(states).toEqual(["cancelled", "cancelled", "in_progress"]);
    await stage.restart();
    await expect.poll(states).toEqual(["cancelled", "cancelled", "cancelled"]);
    expect(await stage.client.get(String(cancelled.id))).toMatchObject({ status: "cancelled" });
    await expect(stage.client.get(String(deleted.id))).rejects.toMatchObject({ status: 404 });
    expect(await stage.client.get(String(stopped.id))).toMatchObject({ status: "failed" });
  });
});

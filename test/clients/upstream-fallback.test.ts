import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../schema/core/json.ts";
import { create } from "../cases/http-client.ts";
import { until } from "../cases/until.ts";
import { textOf } from "./answers.ts";
import {
  cut,
  faultyVendors,
  type RunningFaultyVendor,
  refusal,
  silent,
  startFaultyVendor,
  whole,
  wholeText,
} from "./faulty-vendors.ts";
import { type HubStage, setHubStage } from "./upstream-stage.ts";

const [chat, responses] = faultyVendors;
if (chat === undefined || responses === undefined) throw new Error("there are no vendors");
const answer = { model: "any", input: "Count." };

/** Nobody listens there: it is a port that only the system gives. */
const nowhere = "http://127.0.0.1:1/v1";

describe("an alias for several upstreams", () => {
  let first: RunningFaultyVendor;
  let second: RunningFaultyVendor;
  let stage: HubStage;

  async function start(members: JsonObject = {}): Promise<void> {
    const times = { first_event_timeout: "300ms", idle_timeout: "300ms", retries: 0 };
    const upstreams = [
      { ...times, ...first.entry, name: "first", ...members },
      { ...times, ...second.entry, name: "second" },
    ];
    stage = await setHubStage("3.1", { upstreams, aliases: { any: ["first/m", "second/n"] } });
  }

  beforeEach(async () => {
    [first, second] = await Promise.all([startFaultyVendor(chat), startFaultyVendor(responses)]);
  });
  afterEach(async () => {
    await stage.close();
    await Promise.all([first.close(), second.close()]);
  });

  /** What is stored of an answer that the second one gave. */
  async function expectSecond(answered: JsonObject): Promise<void> {
    expect(answered).toMatchObject({ status: "completed", model: "any" });
    expect(textOf(stage.client, answered)).toBe(wholeText);
    const [stored] = await stage.stored([String(answered.id)]);
    const message = expect.stringMatching(/'first' did not answer/);
    expect(stored).toMatchObject({ provider: "second", upstream_model: "n", degraded: [{ field: "model", message }] });
  }

  test("asks the first of them, and no other as long as it answers", async () => {
    await start();
    expect(textOf(stage.client, await stage.client.create(answer))).toBe(wholeText);
    expect([first.asked(), second.asked()]).toEqual([1, 0]);
  });

  test.each([
    ["is busy", refusal(503, "Loading model")],
    ["refuses the hub's key", refusal(401, "Who are you?")],
    ["does not have the model", refusal(404, "The model `m` does not exist.")],
    ["never answers", { hang: "at once" } as const],
  ])("asks the next one where the first %s, and says so in the store", async (_, fault) => {
    await start();
    first.next = fault;
    await expectSecond(await stage.client.create(answer));
    expect([first.asked(), second.asked()]).toEqual([1, 1]);
  });

  test("asks the next one where the first is not there at all", async () => {
    await start({ base_url: nowhere });
    await expectSecond(await stage.client.create(answer));
  });

  test("gives the first one its time only once where it never answers, however often it may be asked", async () => {
    await start({ retries: 5 });
    first.next = { hang: "at once" };
    await expectSecond(await stage.client.create(answer));
    expect([first.asked(), second.asked()]).toEqual([1, 1]);
  });

  test("asks nobody else once the first has begun to answer", async () => {
    await start();
    for (const fault of [cut, silent]) {
      first.next = fault(chat);
      const answered = await stage.client.create(answer);
      expect(answered.status).toBe("failed");
      expect(wholeText.startsWith(textOf(stage.client, answered))).toBe(true);
    }
    expect(second.asked()).toBe(0);
  });

  test("tells the failure of the last one where nobody answers", async () => {
    await start();
    first.next = refusal(503, "Loading model");
    second.next = refusal(429, "Slower.", { "retry-after": "60" });
    const answered = await create(stage.url(), answer);
    expect(answered.status).toBe(429);
    expect(answered.headers.get("retry-after")).toBe("60");
    expect(answered.body).toMatchObject({ error: { message: expect.stringContaining("'second'") } });
  });

  test("asks the first one again before it asks the next, and again in the next turn of a chain", async () => {
    await start({ retries: 1 });
    first.next = refusal(503, "Loading model", { "retry-after": "0" });
    const answered = await stage.client.create(answer);
    expect([first.asked(), second.asked()]).toEqual([2, 1]);
    second.next = refusal(500, "Never.");
    first.next = whole(chat);
    const next = { ...answer, previous_interaction_id: answered.id ?? null };
    expect(textOf(stage.client, await stage.client.create(next))).toBe(wholeText);
    expect([first.asked(), second.asked()]).toEqual([3, 1]);
    expect(JSON.stringify(first.requests.at(-1)?.json)).toContain(wholeText);
  });

  test("gives up on both when it is cancelled", async () => {
    await start({ first_event_timeout: "1m" });
    first.next = { hang: "at once" };
    const begun = await stage.client.create({ ...answer, background: true });
    await until(() => first.asked() === 1);
    expect(await stage.client.cancel(String(begun.id))).toMatchObject({ status: "cancelled" });
    await until(() => first.isLeft());
    expect(second.asked()).toBe(0);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../schema/core/json.ts";
import { startTestHub } from "../cases/start-test-hub.ts";
import { idOf, ofType, outcomeOf, saidIn, textOf } from "./answers.ts";
import type { Client } from "./client.ts";
import { type ReleaseName, releaseNames, releases } from "./releases.ts";
import { scenarios } from "./scenarios.ts";
import { weather } from "./suite-functions.ts";
import { tapWire, type WireTap } from "./wire-tap.ts";
import { foreignWords } from "./wire-vocabulary.ts";

const model = "gemini-3.8-flash";

let hub: Awaited<ReturnType<typeof startTestHub>>;
/** Each release has a tap of its own, so that what each was told is known. */
const taps = new Map<ReleaseName, WireTap>();
const clients = new Map<ReleaseName, Client>();

function clientOf(name: ReleaseName): Client {
  const client = clients.get(name);
  if (client === undefined) throw new Error(`${name} is not connected`);
  return client;
}

beforeAll(async () => {
  hub = await startTestHub();
  for (const name of releaseNames) {
    const tap = await tapWire(hub.url);
    taps.set(name, tap);
    clients.set(name, releases[name]({ apiKey: "local", httpOptions: { baseUrl: tap.url } }));
  }
});

afterEach(() => {
  const foreign = releaseNames.flatMap((name) =>
    (taps.get(name)?.exchanges.splice(0) ?? []).flatMap((exchange) =>
      foreignWords(exchange, clientOf(name).revision).map((word) => `${name}: ${word}`),
    ),
  );
  expect(foreign).toEqual([]);
});

afterAll(async () => {
  await Promise.all([...taps.values()].map((tap) => tap.close()));
  await hub.close();
});

describe("one chain, several generations", () => {
  test("each continues what the others said, and each reads every link in its own shapes", async () => {
    const turns: [ReleaseName, string][] = [
      ["1.52", "My name is Ada."],
      ["3.1", "My favourite colour is teal."],
      ["2.8", "My dog is called Rex. My favourite number is 7."],
      ["2.32", "What is my name?"],
      ["2.9", "What is my favourite colour?"],
      ["1.52", "What is my favourite number?"],
    ];
    const links: JsonObject[] = [];
    for (const [name, input] of turns) {
      const previous = links.at(-1)?.id;
      const params = { model, input, ...(previous === undefined ? {} : { previous_interaction_id: previous }) };
      links.push(await clientOf(name).create(params));
    }
    const answers = links.map((link, place) => textOf(clientOf(turns[place]?.[0] ?? "3.1"), link));
    expect(answers.slice(3)).toEqual([
      expect.stringContaining("Ada"),
      expect.stringContaining("teal"),
      expect.stringContaining("7"),
    ]);
    for (const reader of releaseNames) {
      const reads = await Promise.all(links.map((link) => clientOf(reader).get(String(link.id))));
      expect(reads.map((read) => textOf(clientOf(reader), read))).toEqual(answers);
      expect(reads.map((read) => read.previous_interaction_id)).toEqual(
        [undefined, ...links.map(({ id }) => id)].slice(0, -1),
      );
    }
  });

  test.each([
    ["1.52", "3.1"],
    ["3.1", "1.52"],
    ["2.8", "1.52"],
  ] as const)("a function call made for %s is answered by %s", async (asking, answering) => {
    const [asker, answerer] = [clientOf(asking), clientOf(answering)];
    const asked = await asker.create({ model, input: "What is the weather in Paris?", tools: [weather] });
    const seen = await answerer.get(String(asked.id));
    const [call] = ofType(answerer.produced(seen, 1), "function_call");
    expect(call).toEqual(ofType(asker.produced(asked), "function_call")[0]);
    const answered = await answerer.create({
      model,
      previous_interaction_id: asked.id ?? null,
      input: [{ type: "function_result", call_id: call?.id ?? null, name: "get_weather", result: "cloudless" }],
    });
    expect(textOf(asker, await asker.get(String(answered.id)))).toMatch(/Paris.*cloudless/);
  });

  test("what one began in the background, another cancels or deletes", async () => {
    const slow = { model: "simulator-slow-200", input: "count to 50", background: true };
    const begun = await clientOf("1.52").create(slow);
    expect(await clientOf("3.1").cancel(String(begun.id))).toMatchObject({ status: "cancelled" });
    expect(await clientOf("1.52").get(String(begun.id))).toMatchObject({ status: "cancelled" });
    const other = await clientOf("2.9").create(slow);
    await clientOf("1.52").remove(String(other.id));
    await expect(clientOf("2.9").get(String(other.id))).rejects.toMatchObject({ status: 404 });
  });
});

describe.each(releaseNames)("what %s wrote", (writing) => {
  test.each(scenarios)("is read and replayed by every release: $name", async ({ params, status }) => {
    const writer = clientOf(writing);
    const written = await writer.stream(params(writer));
    const id = idOf(written);
    for (const reading of releaseNames) {
      const reader = clientOf(reading);
      const read = await reader.get(id);
      expect(read.status).toBe(status);
      const replay = await reader.replay(id);
      expect(reader.fold(replay)).toEqual(reader.produced(read, 1));
      expect(reader.contents(reader.fold(replay))).toEqual(writer.contents(writer.fold(written)));
      expect(outcomeOf(replay)).toEqual({ status, usage: read.usage });
      if (reader.revision === writer.revision) expect(replay).toEqual(written);
    }
  });

  test("with settings of its generation is read by every release", async () => {
    const writer = clientOf(writing);
    const own: JsonObject = writer.revision === "steps" ? { labels: { team: "ada" } } : {};
    const { id } = await writer.create({
      model,
      input: "A town, please.",
      system_instruction: "Be brief.",
      tools: [weather],
      ...writer.asJson({ type: "object", properties: { town: { type: "string" } } }),
      ...own,
    });
    for (const reading of releaseNames) {
      const read = await clientOf(reading).get(String(id));
      expect(read).toMatchObject({ system_instruction: "Be brief.", tools: [weather] });
      expect(read).toMatchObject(
        clientOf(reading).asJson({ type: "object", properties: { town: { type: "string" } } }),
      );
    }
  });
});

describe.each([
  ["1.52", "3.1"],
  ["3.1", "1.52"],
  ["2.9", "2.32"],
  ["2.8", "1.52"],
] as const)("a stream begun by %s and resumed by %s", (beginning, resuming) => {
  test("goes on after every event: what both were told together is the whole text, once", async () => {
    const [beginner, resumer] = [clientOf(beginning), clientOf(resuming)];
    const begun = await beginner.stream({ model, input: "count to 12", background: true });
    const whole = await resumer.replay(idOf(begun));
    for (const [place, event] of begun.entries()) {
      const rest = await resumer.replay(idOf(begun), String(event.event_id));
      expect(rest).toEqual(whole.slice(whole.length - rest.length));
      const told = [...begun.slice(0, place + 1), ...rest].map(textDeltaOf).join("");
      expect(told).toBe("1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12");
    }
    expect(await resumer.replay(idOf(begun), String(begun.at(-1)?.event_id))).toEqual([]);
  });

  test("misses no part of a function call", async () => {
    const [beginner, resumer] = [clientOf(beginning), clientOf(resuming)];
    const params = { model, input: "What is the weather in Paris and Rome?", tools: [weather], background: true };
    const begun = await beginner.stream(params);
    const whole = await resumer.replay(idOf(begun));
    const { stop } = beginner.events;
    for (const [place, event] of begun.entries()) {
      const rest = await resumer.replay(idOf(begun), String(event.event_id));
      expect(rest).toEqual(whole.slice(whole.length - rest.length));
      const stopped = begun.slice(0, place + 1).filter(({ event_type }) => event_type === stop).length;
      const stopsToCome = rest.filter(({ event_type }) => event_type === resumer.events.stop).length;
      expect(stopped + stopsToCome).toBe(3);
    }
  });

  test("goes on while it runs", async () => {
    const [beginner, resumer] = [clientOf(beginning), clientOf(resuming)];
    const seen: JsonObject[] = [];
    const params = { model: "simulator-slow-10", input: "count to 12", background: true };
    for await (const event of await beginner.open(params)) {
      seen.push(event);
      if (seen.length === 9) break;
    }
    const rest = await resumer.replay(idOf(seen), String(seen.at(-1)?.event_id));
    expect([...seen, ...rest].map(textDeltaOf).join("")).toBe("1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12");
    expect(rest.at(-1)).toMatchObject({ event_type: resumer.events.end, interaction: { status: "completed" } });
    expect(saidIn(resumer, resumer.fold(await resumer.replay(idOf(seen))))).toMatch(/12$/);
  });
});

/** The text that an event of either revision adds. */
function textDeltaOf(event: JsonObject): string {
  const { type, text } = (event.delta ?? {}) as JsonObject;
  return type === "text" ? String(text) : "";
}

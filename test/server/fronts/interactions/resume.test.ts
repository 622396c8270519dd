import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Revision, revisions } from "../../../../schema/core/interaction.ts";
import type { JsonObject } from "../../../../schema/core/json.ts";
import type { RunningHub } from "../../../../server/configuration/running-hub.ts";
import { providerEvents } from "../../../cases/arbitraries.ts";
import {
  create,
  eventIdOf,
  firstRecords,
  openCreate,
  openStream,
  revisionHeader,
  type StreamRecord,
  send,
  wholeStream,
} from "../../../cases/http-client.ts";
import { settle } from "../../../cases/scripted-hub.ts";
import { startScriptedServer } from "../../../cases/scripted-server.ts";
import { startTestHub } from "../../../cases/start-test-hub.ts";

let hub: RunningHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub.close());

const weather = {
  type: "function",
  name: "get_weather",
  description: "Get the current weather in a city",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

/** Background runs, because only their streams carry ids in both revisions. */
const requests: [string, JsonObject][] = [
  ["text", { model: "simulator-slow-2", input: "Tell me about rivers." }],
  ["a function call", { model: "simulator-slow-2", input: "What is the weather in Paris?", tools: [weather] }],
  [
    "thoughts and a search",
    {
      model: "simulator-slow-2",
      input: "Search for the newest telescope.",
      tools: [{ type: "google_search" }],
      generation_config: { thinking_level: "high", thinking_summaries: "auto" },
    },
  ],
  ["an image", { model: "gemini-2.5-flash-image", input: "Draw a red circle." }],
  ["an agent", { agent: "deep-research-preview-04-2026", input: "Compare two rivers." }],
  ["a failure", { model: "simulator-fault-fail-4", input: "x" }],
];

const interactionUrl = (base: string, id: unknown) => `${base}/v1beta/interactions/${String(id)}`;

function resume(url: string, record: StreamRecord | undefined, revision: Revision): Promise<StreamRecord[]> {
  const headers = revisionHeader[revision];
  return wholeStream(openStream(`${url}?stream=true&last_event_id=${eventIdOf(record)}`, { headers }));
}

/** The id that the first record of a stream tells. */
function idOf([first]: readonly StreamRecord[]): string {
  const begun = first === undefined || first.data === "[DONE]" ? undefined : first.data.interaction;
  return String((begun as JsonObject | undefined)?.id);
}

describe.each(revisions)("a stream of the %s revision", (revision) => {
  const headers = revisionHeader[revision];

  test.each(requests)(
    "of %s continues after every event exactly where it was cut, once it has ended",
    async (_name, body) => {
      const whole = await wholeStream(openCreate(hub.url, { ...body, background: true }, headers));
      const url = interactionUrl(hub.url, idOf(whole));
      expect(await wholeStream(openStream(`${url}?stream=true`, { headers }))).toEqual(whole);
      expect(whole.at(-1)).toEqual({ event: "done", data: "[DONE]" });
      expect(whole.length).toBeGreaterThan(4);
      for (let had = 1; had < whole.length; had += 1) {
        expect(await resume(url, whole[had - 1], revision), `after ${had}`).toEqual(whole.slice(had));
      }
    },
  );

  test.each(requests.slice(0, 3))(
    "of %s continues after every event while it runs, and nothing is lost or told twice",
    async (_name, body) => {
      const request = { ...body, background: true };
      const { length } = await wholeStream(openCreate(hub.url, request, headers));
      const cutAndResume = async (had: number): Promise<void> => {
        const first = await firstRecords(await openCreate(hub.url, request, headers), had);
        const url = interactionUrl(hub.url, idOf(first));
        const rest = await resume(url, first.at(-1), revision);
        expect([...first, ...rest]).toEqual(await wholeStream(openStream(`${url}?stream=true`, { headers })));
        expect(first.length + rest.length).toBe(length);
      };
      const places = Array.from({ length: length - 1 }, (_, index) => index + 1);
      for (let start = 0; start < places.length; start += 8) {
        await Promise.all(places.slice(start, start + 8).map(cutAndResume));
      }
    },
  );

  test("is whole when it is cut again and again, whatever the provider says", async () => {
    const server = await startScriptedServer();
    try {
      await fc.assert(
        fc.asyncProperty(
          providerEvents,
          fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 3 }),
          async (events, cuts) => {
            const { body } = await create(server.url, { model: "m", input: "x", background: true }, headers);
            const run = await server.provider.nextRun();
            const url = interactionUrl(server.url, body.id);
            const middle = Math.floor(events.length / 2);
            const speaking = settle(3)
              .then(() => run.say(...events.slice(0, middle)))
              .then(() => settle(20))
              .then(() => run.say(...events.slice(middle)));
            const got: StreamRecord[] = [];
            for (const cut of cuts) {
              const last = got.length === 0 ? "" : `&last_event_id=${eventIdOf(got.at(-1))}`;
              got.push(...(await firstRecords(await openStream(`${url}?stream=true${last}`, { headers }), cut)));
              if (got.at(-1)?.event === "done") break;
            }
            if (got.at(-1)?.event !== "done") got.push(...(await resume(url, got.at(-1), revision)));
            await speaking;
            expect(got).toEqual(await wholeStream(openStream(`${url}?stream=true`, { headers })));
          },
        ),
        { numRuns: 30 },
      );
      expect(server.bugs).toEqual([]);
    } finally {
      await server.close();
    }
  });
});

describe("a cursor", () => {
  test("of one revision continues a stream of the other with nothing missing", async () => {
    const body = { model: "simulator", input: "Tell me about rivers.", background: true };
    const legacy = await wholeStream(openCreate(hub.url, body, revisionHeader.legacy));
    const url = interactionUrl(hub.url, idOf(legacy));
    const steps = await wholeStream(openStream(`${url}?stream=true`, { headers: revisionHeader.steps }));
    const texts = (records: StreamRecord[]) =>
      records.flatMap(({ data }) => {
        const delta = data === "[DONE]" ? undefined : (data.delta as JsonObject | undefined);
        return delta?.type === "text" ? [delta.text] : [];
      });
    for (let had = 1; had < legacy.length; had += 1) {
      const rest = await resume(url, legacy[had - 1], "steps");
      expect([...texts(legacy.slice(0, had)), ...texts(rest)], `after ${had}`).toEqual(texts(steps));
      expect(rest.at(-1)?.event).toBe("done");
    }
  });

  test("that is unknown, foreign or no cursor at all is refused, and so is one without a stream", async () => {
    const body = { model: "simulator", input: "Hello" };
    const one = await wholeStream(openCreate(hub.url, body));
    const other = await wholeStream(openCreate(hub.url, body));
    const url = interactionUrl(hub.url, idOf(one));
    const own = eventIdOf(one[3]);
    const beyond = own.replace(/^e[0-9a-z]+/, "ezz");
    for (const cursor of ["", "x", "1", "e0", "e1", "-1", "..", `${own}x`, beyond, eventIdOf(other[3])]) {
      const refused = await send(`${url}?stream=true&last_event_id=${cursor}`, "GET");
      expect(refused, cursor).toMatchObject({ status: 400, body: { error: { code: "invalid_request" } } });
      expect(JSON.stringify(refused.body)).toContain("last_event_id");
    }
    expect(await send(`${url}?last_event_id=${own}`, "GET")).toMatchObject({ status: 400 });
    expect(await send(`${url}?stream=maybe`, "GET")).toMatchObject({ status: 400 });
  });
});

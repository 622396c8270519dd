import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import type { RunningHub } from "../../../../server/configuration/running-hub.ts";
import { dataOf, openSubscription, readEventStream, readParts } from "../../../cases/graphql-client.ts";
import { until } from "../../../cases/until.ts";
import { hubsOfTest } from "./hubs-of-test.ts";

const start = hubsOfTest();

async function begin(hub: RunningHub, model = "simulator", text = "Hello"): Promise<string> {
  const { createInteraction } = await dataOf<{ createInteraction: { interaction: { id: string } } }>(
    hub.url,
    `mutation($input: CreateInteractionInput!) { createInteraction(input: $input) {
      ... on CreateInteractionSuccess { interaction { id } }
    } }`,
    { input: { model, input: text, background: true } },
  );
  return createInteraction.interaction.id;
}

const nothingOpen = '"sockets":0,"subscribers":0,"channels":0';
const loadOf = async ({ url }: RunningHub) =>
  JSON.stringify(((await (await fetch(`${url}/healthz`)).json()) as { load: object }).load);

const types = "subscription($id: ID!) { interactionEvents(id: $id) { type } }";
const parts = "multipart/mixed;subscriptionSpec=1.0";

describe("a subscription over HTTP", () => {
  test("comes in the same words as an event stream and in parts", async () => {
    const hub = await start();
    const id = await begin(hub);
    const [streamed, parted] = await Promise.all([
      openSubscription(hub.url, "text/event-stream", types, { id }).then((response) =>
        Array.fromAsync(readEventStream(response)),
      ),
      openSubscription(hub.url, `${parts}, application/json`, types, { id }).then((response) =>
        Array.fromAsync(readParts(response)),
      ),
    ]);
    expect(streamed[0]).toEqual({ data: { interactionEvents: { type: "status" } } });
    expect(streamed.at(-1)).toEqual({ data: { interactionEvents: { type: "finish" } } });
    expect(parted).toEqual(streamed);
    expect(await loadOf(hub)).toContain(nothingOpen);
  });

  test("is opened by GET too, as browsers do it", async () => {
    const hub = await start({ api_keys: [{ name: "one", key: "may-everything" }] });
    const query = "subscription { interactionChanged { id } }";
    const controller = new AbortController();
    const search = new URLSearchParams({ query, key: "may-everything" });
    const headers = { accept: "text/event-stream" };
    const response = await fetch(`${hub.url}/graphql?${search}`, { headers, signal: controller.signal });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    controller.abort();
    expect((await fetch(`${hub.url}/graphql?${new URLSearchParams({ query })}`, { headers })).status).toBe(401);
    await until(async () => (await loadOf(hub)).includes(nothingOpen));
  });

  test("is not had as one piece of JSON, and nothing of it stays open", async () => {
    const hub = await start();
    const response = await openSubscription(hub.url, "application/json", types, { id: await begin(hub) });
    expect(response.status).toBe(406);
    expect(await loadOf(hub)).toContain(nothingOpen);
  });

  test("that is refused says why, in the form in which it would have come", async () => {
    const hub = await start();
    const streamed = await openSubscription(hub.url, "text/event-stream", types, { id: "v1_nothing" });
    const [refusal] = await Array.fromAsync(readEventStream(streamed));
    expect(refusal?.errors).toMatchObject([{ extensions: { code: "not_found" }, path: ["interactionEvents"] }]);
    const parted = await openSubscription(hub.url, parts, types, { id: "v1_nothing" });
    expect(await Array.fromAsync(readParts(parted))).toEqual([refusal]);
  });

  test("shows that it lives while nothing happens", async () => {
    const hub = await start({ heartbeat_ms: 20 });
    const id = await begin(hub, "simulator-fault-stall");
    for (const [accept, alive] of [
      ["text/event-stream", ":\n\n"],
      [parts, "{}"],
    ] as const) {
      const controller = new AbortController();
      const response = await openSubscription(hub.url, accept, types, { id }, controller.signal);
      let text = "";
      const reading = (async () => {
        for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
      })().catch(() => {});
      await until(() => text.split(alive).length > 4);
      controller.abort();
      await reading;
    }
    await until(async () => (await loadOf(hub)).includes(nothingOpen));
  });

  test("whose client reads nothing is cut off, and holds no more than its socket until then", async () => {
    const hub = await start({ graphql: { stall_timeout: "300ms", aliases: 100 } });
    const id = await begin(hub, "simulator", "count to 600");
    const fields = Array.from({ length: 80 }, (_, index) => `${"x".repeat(100)}${index}: cursor`).join(" ");
    const body = JSON.stringify({
      query: `subscription($id: ID!) { interactionEvents(id: $id) { ${fields} } }`,
      variables: { id },
    });
    const socket = connect(hub.port, "127.0.0.1");
    socket.pause();
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => {});
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1:${hub.port}\r\ncontent-type: application/json\r\naccept: text/event-stream\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await until(async () => (await loadOf(hub)).includes('"subscribers":1'));
    await until(async () => (await loadOf(hub)).includes(nothingOpen));
    let bytes = 0;
    socket.on("data", (data) => {
      bytes += data.length;
    });
    socket.resume();
    await closed;
    expect(bytes).toBeGreaterThan(0);
    // All of it would be more than twice as much.
    expect(bytes).toBeLessThan(600 * 80 * 120 * 1.2);
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningHub } from "../../../server/configuration/running-hub.ts";
import { create, openStream, send, wholeStream } from "../../cases/http-client.ts";
import { startTestHub } from "../../cases/start-test-hub.ts";

const writer = { "x-goog-api-key": "may-everything" };
const reader = { "x-goog-api-key": "may-look" };

let hub: RunningHub;
/** An interaction that runs until somebody stops it. */
let running: string;
beforeAll(async () => {
  hub = await startTestHub({
    api_keys: [
      { name: "owner", key: "may-everything" },
      { name: "console", key: "may-look", read_only: true },
    ],
  });
  const { body } = await create(hub.url, { model: "simulator-fault-stall", input: "x", background: true }, writer);
  running = String(body.id);
});
afterAll(() => hub.close());

const refused = {
  status: 403,
  body: { error: { code: "permission_denied", message: expect.stringContaining("'console' may only read") } },
};

describe("a key that may only read", () => {
  test.each([
    ["create", "POST", () => "/v1beta/interactions"],
    ["create under another version and path", "POST", () => "/gateway/v1/interactions"],
    ["cancel", "POST", () => `/v1beta/interactions/${running}/cancel`],
    ["cancel as Vertex does", "POST", () => `/v1beta1/interactions/${running}:cancel`],
    ["delete", "DELETE", () => `/v1beta/interactions/${running}`],
  ])("cannot %s, and is told why", async (_what, method, path) => {
    const body = method === "POST" ? { model: "simulator", input: "Hello" } : undefined;
    expect(await send(hub.url + path(), method, body, reader)).toMatchObject(refused);
    expect(await send(`${hub.url}/v1beta/interactions/${running}`, "GET", undefined, reader)).toMatchObject({
      body: { status: "in_progress" },
    });
  });

  test("is refused before its body is read, whatever that is", async () => {
    const path = `${hub.url}/v1beta/interactions`;
    expect(await send(path, "POST", "no JSON", reader)).toMatchObject(refused);
  });

  test("cannot do more by sending its key in another form, or with a wrong one", async () => {
    const forms: [string, Record<string, string>][] = [
      ["", { authorization: "Bearer may-look" }],
      ["?key=may-look", {}],
      ["?key=may-look", { "x-goog-api-key": "may-everythin" }],
    ];
    for (const [query, headers] of forms) {
      const path = `${hub.url}/v1beta/interactions/${running}${query}`;
      expect(await send(path, "DELETE", undefined, headers)).toMatchObject(refused);
    }
  });

  test("reads, follows and lists all that there is", async () => {
    const made = await create(hub.url, { model: "simulator", input: "say exactly: there" }, writer);
    const path = `${hub.url}/v1beta/interactions/${String(made.body.id)}`;
    expect(await send(path, "GET", undefined, reader)).toMatchObject({ status: 200, body: { id: made.body.id } });
    const records = await wholeStream(openStream(`${path}?stream=true`, { headers: reader }));
    expect(records.at(-1)?.data).toBe("[DONE]");
    expect(await send(`${hub.url}/v1beta/models`, "GET", undefined, reader)).toMatchObject({ status: 200 });
    expect(await send(`${hub.url}/openapi.json`, "GET", undefined, reader)).toMatchObject({ status: 200 });
  });

  test("leaves other keys as they are: the owner stops what runs", async () => {
    const path = `${hub.url}/v1beta/interactions/${running}`;
    expect(await send(`${path}/cancel`, "POST", {}, writer)).toMatchObject({ body: { status: "cancelled" } });
    expect(await send(path, "DELETE", undefined, writer)).toMatchObject({ status: 200 });
  });
});

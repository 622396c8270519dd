import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningHub } from "../../../../server/configuration/running-hub.ts";
import {
  create,
  eventIdOf,
  openCreate,
  openStream,
  revisionHeader,
  send,
  wholeStream,
} from "../../../cases/http-client.ts";
import { startTestHub } from "../../../cases/start-test-hub.ts";

let hub: RunningHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub.close());

const versions = ["v1", "v1beta", "v1alpha", "v1beta1/projects/p-1/locations/global"];
const bases = () => [
  ...versions.map((version) => `${hub.url}/${version}`),
  ...versions.map((version) => `${hub.url}/some/proxy/${version}`),
];
const hello = { model: "simulator", input: "Hello" };

describe("every endpoint answers alike under every version and behind a prefix", () => {
  test("create, get, resume, cancel in both spellings, delete, models", async () => {
    for (const base of bases()) {
      const created = await send(`${base}/interactions`, "POST", hello);
      expect(created, base).toMatchObject({ status: 200, body: { status: "completed", object: "interaction" } });
      expect(created.headers.get("content-type")).toMatch(/^application\/json/);
      const one = `${base}/interactions/${String(created.body.id)}`;
      const got = await send(`${one}?stream=false`, "GET");
      expect(got.status).toBe(200);
      expect(got.body.steps).toEqual([
        { type: "user_input", content: [{ type: "text", text: "Hello" }] },
        ...(created.body.steps as object[]),
      ]);
      const records = await wholeStream(openStream(`${one}?stream=true`));
      expect(records.at(-1)).toEqual({ event: "done", data: "[DONE]" });
      const last = eventIdOf(records.at(-2));
      expect(await wholeStream(openStream(`${one}?stream=true&last_event_id=${last}`))).toEqual(records.slice(-1));
      for (const spelling of [`${one}/cancel`, `${one}:cancel`]) {
        const refused = await send(spelling, "POST");
        expect(refused, spelling).toMatchObject({ status: 400, body: { error: { code: "failed_precondition" } } });
      }
      expect(await send(one, "DELETE")).toMatchObject({ status: 200, body: {} });
      expect(await send(one, "DELETE")).toMatchObject({ status: 404, body: { error: { code: "not_found" } } });
      expect(await send(one, "GET")).toMatchObject({ status: 404, body: { error: { code: "not_found" } } });
      const models = await send(`${base}/models`, "GET");
      expect(models.status).toBe(200);
      const [model] = models.body.models as { name: string }[];
      expect(await send(`${base}/${model?.name}`, "GET")).toMatchObject({ status: 200, body: model });
    }
  });

  test("and what has no version lives at the root, and under the base path", async () => {
    for (const url of [hub.url, `${hub.url}/some/proxy`]) {
      expect(await send(`${url}/healthz`, "GET")).toMatchObject({ status: 200, body: { status: "ok" } });
      expect(await send(`${url}/openapi.json`, "GET")).toMatchObject({
        status: 200,
        body: { openapi: expect.stringMatching(/^3\.1/) },
      });
    }
  });

  test("and a method that a path does not know is refused with those that it knows", async () => {
    const refused = await send(`${hub.url}/v1beta/interactions`, "GET");
    expect(refused).toMatchObject({ status: 405, body: { error: { code: "invalid_request" } } });
    expect(refused.headers.get("allow")).toBe("POST");
    expect((await send(`${hub.url}/v1beta/interactions/x`, "PUT")).headers.get("allow")).toContain("DELETE");
  });

  test.each(["/v2/interactions/x", "/v1beta/other", "/", "/v1beta/interactions/a/b/c"])(
    "and nothing else is there: %s",
    async (path) => {
      expect(await send(hub.url + path, "GET")).toMatchObject({ status: 404, body: { error: { code: "not_found" } } });
    },
  );
});

describe("cancel", () => {
  test.each(["/cancel", ":cancel"])(
    "stops a background interaction, as often as it is asked (%s)",
    async (spelling) => {
      const { body } = await create(hub.url, { model: "simulator-fault-stall", input: "x", background: true });
      expect(body).toMatchObject({ status: "in_progress" });
      const one = `${hub.url}/v1beta/interactions/${String(body.id)}`;
      expect(await send(one + spelling, "POST")).toMatchObject({
        status: 200,
        body: { id: body.id, status: "cancelled" },
      });
      expect(await send(one + spelling, "POST", "")).toMatchObject({ status: 200, body: { status: "cancelled" } });
      expect(await send(one, "GET")).toMatchObject({ status: 200, body: { status: "cancelled" } });
      const records = await wholeStream(openStream(`${one}?stream=true`));
      expect(records.map(({ event }) => event)).toContain("interaction.completed");
    },
  );

  test.each(["/cancel", ":cancel"])("of an unknown interaction is not found (%s)", async (spelling) => {
    const refused = await send(`${hub.url}/v1beta/interactions/v1_unknown${spelling}`, "POST");
    expect(refused).toMatchObject({ status: 404, body: { error: { code: "not_found" } } });
  });
});

describe("delete", () => {
  test("of a running interaction stops it, and its children stay", async () => {
    const { body } = await create(hub.url, { model: "simulator-fault-stall", input: "x", background: true });
    const one = `${hub.url}/v1beta/interactions/${String(body.id)}`;
    expect(await send(one, "DELETE")).toMatchObject({ status: 200, body: {} });
    expect(await send(`${hub.url}/healthz`, "GET")).toMatchObject({ body: { load: { runs: 0, waiting: 0 } } });
    const root = await create(hub.url, hello);
    const child = await create(hub.url, { ...hello, previous_interaction_id: String(root.body.id) });
    await send(`${hub.url}/v1beta/interactions/${String(root.body.id)}`, "DELETE");
    const path = `${hub.url}/v1beta/interactions/${String(child.body.id)}`;
    expect(await send(path, "GET")).toMatchObject({ status: 200, body: { previous_interaction_id: root.body.id } });
    const refused = await create(hub.url, { ...hello, previous_interaction_id: String(child.body.id) });
    expect(refused).toMatchObject({ status: 400, body: { error: { code: "invalid_request" } } });
    expect(JSON.stringify(refused.body)).toContain("previous_interaction_id");
  });
});

describe("requests as clients send them", () => {
  test("with an empty body and a JSON content type are fine where no body is needed", async () => {
    const { body } = await create(hub.url, hello);
    const one = `${hub.url}/v1/interactions/${String(body.id)}`;
    expect(await send(one, "GET")).toMatchObject({ status: 200 });
    expect(await send(`${one}/cancel`, "POST", "")).toMatchObject({ status: 400 });
    expect(await send(one, "DELETE", "")).toMatchObject({ status: 200 });
  });

  test("name the revision of their answer, in a header that pages may read", async () => {
    const steps = await create(hub.url, hello, revisionHeader.steps);
    expect(steps.headers.get("api-revision")).toBe("2026-05-20");
    const legacy = await create(hub.url, hello, revisionHeader.legacy);
    expect(legacy.headers.get("api-revision")).toBe("2026-05-07");
    expect(legacy.headers.get("vary")).toMatch(/api-revision/i);
    expect(Object.keys(legacy.body)).toContain("outputs");
    const stream = await openCreate(hub.url, hello, revisionHeader.legacy);
    expect(stream.response.headers.get("api-revision")).toBe("2026-05-07");
    expect(stream.response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    await wholeStream(stream);
  });

  test("are answered as they ask in the body, whatever their Accept header says", async () => {
    const streaming = await openCreate(hub.url, hello, { accept: "application/json" });
    expect(streaming.response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    await wholeStream(streaming);
    const unary = await create(hub.url, { ...hello, stream: false }, { accept: "text/event-stream" });
    expect(unary.headers.get("content-type")).toMatch(/^application\/json/);
  });

  test.each<[string, object | string, number, string, string]>([
    ["broken JSON", "{", 400, "invalid_request", ""],
    ["no body", "", 400, "invalid_request", ""],
    ["a list", "[]", 400, "invalid_request", "object"],
    ["no model", { input: "x" }, 400, "invalid_request", "model"],
    ["an unknown model", { model: "simulater", input: "x" }, 404, "model_not_found", "simulator"],
    ["an unknown key", { ...hello, sotre: true }, 400, "invalid_request", "store"],
    [
      "an unknown parent",
      { ...hello, previous_interaction_id: "v1_x" },
      400,
      "invalid_request",
      "previous_interaction_id",
    ],
    ["background without store", { ...hello, background: true, store: false }, 400, "failed_precondition", "store"],
    [
      "a result of no call",
      { model: "simulator", input: [{ type: "function_result", name: "f", call_id: "c", result: "r" }] },
      400,
      "invalid_request",
      "function call turn",
    ],
    ["an upstream's refusal", { model: "simulator-fault-refuse-429", input: "x" }, 429, "rate_limit_exceeded", ""],
    [
      "an upstream's refusal of a stream",
      { model: "simulator-fault-refuse-503", input: "x", stream: true },
      503,
      "service_unavailable",
      "",
    ],
  ])("that cannot be answered get one error shape: %s", async (_name, body, status, code, named) => {
    const answer = await send(`${hub.url}/v1beta/interactions`, "POST", body);
    expect(answer).toMatchObject({ status, body: { error: { code, message: expect.stringContaining(named) } } });
    expect(Object.keys(answer.body)).toEqual(["error"]);
    expect(Object.keys(answer.body.error as object)).toEqual(["code", "message"]);
    expect(answer.headers.get("x-request-id")).toBeTruthy();
    if (status === 429) expect(answer.headers.get("retry-after")).toBe("1");
  });
});

describe("the list of models", () => {
  test("comes in pages that follow each other without gap or overlap", async () => {
    const whole = await send(`${hub.url}/v1beta/models?pageSize=1000`, "GET");
    expect(whole.body.nextPageToken).toBeUndefined();
    const paged: unknown[] = [];
    let token = "";
    do {
      const page = await send(`${hub.url}/v1beta/models?pageSize=3&pageToken=${token}`, "GET");
      expect((page.body.models as unknown[]).length).toBeLessThanOrEqual(3);
      paged.push(...(page.body.models as unknown[]));
      token = String(page.body.nextPageToken ?? "");
    } while (token !== "");
    expect(paged).toEqual(whole.body.models);
    expect(paged.length).toBeGreaterThan(3);
  });

  test.each(["pageSize=0", "pageSize=x", "pageSize=1.5", "pageToken=-1", "pageToken=x"])(
    "refuses %s",
    async (query) => {
      const refused = await send(`${hub.url}/v1beta/models?${query}`, "GET");
      expect(refused).toMatchObject({ status: 400, body: { error: { code: "invalid_request" } } });
      expect(JSON.stringify(refused.body)).toContain(query.split("=")[0]);
    },
  );

  test("ends after its last page, and knows no other model", async () => {
    const after = await send(`${hub.url}/v1beta/models?pageToken=100000`, "GET");
    expect(after).toMatchObject({ status: 200, body: { models: [] } });
    expect(await send(`${hub.url}/v1beta/models/unknown`, "GET")).toMatchObject({ status: 404 });
  });
});

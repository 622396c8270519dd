import { afterEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../schema/core/json.ts";
import { create, openCreate, send, wholeStream } from "../../../cases/http-client.ts";
import { startFakeGoogle } from "../../../cases/start-fake-google.ts";
import { startTestHub } from "../../../cases/start-test-hub.ts";

const model = "gemini-3.8-flash";

let hub: Awaited<ReturnType<typeof startTestHub>> | undefined;

afterEach(async () => {
  await hub?.close();
  hub = undefined;
});

async function start(manner: Parameters<typeof startFakeGoogle>[0] = {}, settings: object = { key: "hub-key" }) {
  const { google } = await startFakeGoogle(manner);
  hub = await startTestHub({ upstreams: [{ name: "google", kind: "gemini", base_url: google.url, ...settings }] });
  return { google, base: hub.url };
}

/** Members of a create that the hub does not know. */
const future = {
  future_member: { a: [1, null] },
  tools: [{ type: "tool_search", depth: 2 }],
  generation_config: { top_k: 3 },
};
const hologram = { type: "hologram", depth: 1 };
const said = { type: "user_input", content: [{ type: "text", text: "Hi" }, hologram] };

describe("through the hub", () => {
  it("what it does not know reaches Google, and is there when it is read", async () => {
    const { google, base } = await start();
    const { status, body } = await create(base, { model, input: [said], ...future });
    expect(status).toBe(200);
    expect(google.requests.at(-1)?.body).toEqual({ model, input: [said], ...future, stream: true });
    const read = await send(`${base}/v1beta/interactions/${body.id}`, "GET");
    expect(read.body).toMatchObject(future);
    expect((read.body.steps as JsonObject[])[0]).toEqual(said);
  });

  it("the same is refused where another upstream is asked", async () => {
    const { base } = await start();
    for (const members of [...Object.entries(future).map(([name, value]) => ({ [name]: value })), { input: [said] }]) {
      const { status, body } = await create(base, { model: "simulator", input: "Hi", ...members });
      expect(status).toBe(400);
      expect(body.error).toMatchObject({ code: "invalid_request" });
    }
  });

  it("a chain goes on by Google's id, and without it where Google has forgotten", async () => {
    const { google, base } = await start();
    const first = await create(base, { model, input: "One" });
    const second = await create(base, { model, input: "Two", previous_interaction_id: first.body.id ?? null });
    expect(google.requests.at(-1)?.body?.previous_interaction_id).toBe("v1_fake-1");
    for (const id of google.ids()) google.forget(id);
    const third = await create(base, { model, input: "Three", previous_interaction_id: second.body.id ?? null });
    expect(third.body.status).toBe("completed");
    expect(JSON.stringify(third.body.steps)).toContain("You said: One / Two / Three");
  });

  it("a stream that breaks off on its way is whole for the client", async () => {
    const { google, base } = await start();
    const whole = textOf(await wholeStream(openCreate(base, { model, input: "Tell me more than that" })));
    google.manner.cuts = [6, 2];
    const broken = textOf(await wholeStream(openCreate(base, { model, input: "Tell me more than that" })));
    expect(whole).toContain("Tell me more than that");
    expect(broken).toBe(whole);
    expect(google.requests.filter(({ method }) => method === "GET")).toHaveLength(2);
  });

  it("cancelling a background run cancels it at Google's", async () => {
    const { google, base } = await start({ pace: 100 });
    const { body } = await create(base, { model, input: "Slowly", background: true });
    await expect.poll(() => google.ids()).toEqual(["v1_fake-1"]);
    // Google's id is known as soon as it has said anything.
    await expect
      .poll(async () => (await send(`${base}/v1beta/interactions/${body.id}`, "GET")).body.steps)
      .toHaveLength(2);
    await send(`${base}/v1beta/interactions/${body.id}/cancel`, "POST", "");
    await expect.poll(() => google.statusOf("v1_fake-1")).toBe("cancelled");
  });

  it("the key of whoever asks is used where that is set up, and its refusal is theirs", async () => {
    const { google, base } = await start({ keys: ["mine"] }, { caller_key: true });
    expect((await create(base, { model, input: "Hi" }, { "x-goog-api-key": "mine" })).status).toBe(200);
    expect((await create(base, { model, input: "Hi" }, { "x-goog-api-key": "other" })).status).toBe(401);
    expect((await create(base, { model, input: "Hi" })).status).toBe(401);
    expect(google.requests.map(({ key }) => key)).toEqual(["mine", "other"]);
  });
});

function textOf(records: Awaited<ReturnType<typeof wholeStream>>): string {
  const deltas = records.flatMap(({ data }) => (data === "[DONE]" ? [] : [data.delta as JsonObject | undefined]));
  return deltas.map((delta) => (typeof delta?.text === "string" ? delta.text : "")).join("");
}

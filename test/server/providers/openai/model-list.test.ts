import { afterAll, afterEach, describe, expect, it } from "vitest";
import { createOpenaiClient } from "../../../../server/providers/openai/client.ts";
import { createModelList } from "../../../../server/providers/openai/model-list.ts";
import type { UpstreamSettings } from "../../../../server/providers/upstream-settings.ts";
import { recordedReply } from "../../../cases/chat-chunks.ts";
import { createTestContext, upstreamAt } from "../../../cases/provider-context.ts";
import {
  jsonResponse,
  type ReplayServer,
  type ReplyScript,
  rawResponse,
  startReplayServer,
} from "../../../cases/replay-server.ts";

const context = createTestContext();
const servers: ReplayServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));
afterAll(() => context.close());

async function listing(replies: ReplyScript[], settings: Partial<UpstreamSettings> = {}) {
  const server = await startReplayServer(replies);
  servers.push(server);
  const at = upstreamAt("openai-chat", `${server.url}/v1`, settings);
  const clock = { now: 1_000 };
  const list = createModelList(createOpenaiClient(at, context), at, { now: () => clock.now });
  return { list, clock, requests: server.requests };
}

const models = (...data: object[]): ReplyScript => ({ response: jsonResponse(200, { object: "list", data }) });

describe("the models of an upstream", () => {
  it("are those that its server lists, with their context", async () => {
    const { list, requests } = await listing([{ response: recordedReply("models") }]);
    expect(await list()).toEqual([{ id: "tiny", kind: "model", provider: "local", input_token_limit: 4096 }]);
    expect(requests[0]).toMatchObject({ method: "GET", path: "/v1/models" });
  });

  it("are those that the configuration names, without asking", async () => {
    const { list, requests } = await listing([], { models: ["a", "b"] });
    expect((await list()).map(({ id }) => id)).toEqual(["a", "b"]);
    expect(requests).toEqual([]);
  });

  it("are read in every server's words", async () => {
    const { list } = await listing([
      models(
        { id: "v", max_model_len: 1 },
        { id: "r", name: "R", description: "Does.", context_length: 2 },
        { id: "g", context_window: 3 },
        { id: "v" },
        { id: "text-embedding-nomic" },
        { name: "no id" },
      ),
      { response: jsonResponse(200, { object: "list", data: null }) },
      { response: jsonResponse(200, [{ id: "bare" }]) },
    ]);
    const [first] = await Promise.all([list()]);
    expect(first?.map(({ id, input_token_limit }) => [id, input_token_limit])).toEqual([
      ["v", undefined],
      ["r", 2],
      ["g", 3],
    ]);
    expect(first?.[1]).toMatchObject({ display_name: "R", description: "Does." });
  });

  it("may be none, or come in a bare list", async () => {
    const none = await listing([{ response: jsonResponse(200, { object: "list", data: null }) }]);
    expect(await none.list()).toEqual([]);
    const bare = await listing([{ response: jsonResponse(200, [{ id: "bare" }]) }]);
    expect((await bare.list()).map(({ id }) => id)).toEqual(["bare"]);
  });

  it("are asked for once a minute, however many want to know", async () => {
    const { list, clock, requests } = await listing([models({ id: "a" }), models({ id: "b" })]);
    await Promise.all([list(), list()]);
    clock.now += 59_000;
    expect((await list()).map(({ id }) => id)).toEqual(["a"]);
    expect(requests).toHaveLength(1);
    clock.now += 2_000;
    expect((await list()).map(({ id }) => id)).toEqual(["b"]);
  });

  it("are asked for again soon after that failed, with its cause", async () => {
    const { list, clock, requests } = await listing([{ response: jsonResponse(503, {}) }, models({ id: "a" })]);
    await expect(list()).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("'local'") });
    await expect(list()).rejects.toMatchObject({ code: "unavailable" });
    expect(requests).toHaveLength(1);
    clock.now += 6_000;
    expect((await list()).map(({ id }) => id)).toEqual(["a"]);
  });

  it("are not waited for long", async () => {
    const { list } = await listing([{ hang: "at once" }], { first_event_timeout: 60 });
    await expect(list()).rejects.toMatchObject({ code: "deadline_exceeded" });
  });

  it("are not waited for long either where the answer only begins", async () => {
    const response = rawResponse(200, { "content-type": "application/json", "content-length": "100" }, "{");
    const { list } = await listing([{ response, hang: "at the end" }], { first_event_timeout: 60 });
    await expect(list()).rejects.toMatchObject({ code: "deadline_exceeded" });
  });

  it("are none where the list is longer than any, in bytes or in models", async () => {
    const long = await listing([{ response: jsonResponse(200, { data: [{ id: "x".repeat(17 * 2 ** 20) }] }) }]);
    await expect(long.list()).rejects.toMatchObject({ code: "upstream_error" });
    const many = await listing([models(...Array.from({ length: 10_001 }, (_, id) => ({ id: `m${id}` })))]);
    await expect(many.list()).rejects.toMatchObject({ message: "The upstream 'local' lists more than 10000 models." });
  });

  it("are not those whose names nobody could ask for", async () => {
    const { list } = await listing([models({ id: "x".repeat(257) }, { id: "x".repeat(256) })]);
    expect((await list()).map(({ id }) => id.length)).toEqual([256]);
  });
});

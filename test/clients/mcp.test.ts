import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../schema/core/json.ts";
import { type RunningMcpServer, startMcpServer } from "../cases/start-mcp-server.ts";
import { startTestHub } from "../cases/start-test-hub.ts";
import { until } from "../cases/until.ts";
import { idOf, ofType, outcomeOf, textOf } from "./answers.ts";
import type { Client } from "./client.ts";
import { releaseNames, releases } from "./releases.ts";

const model = "gemini-3.8-flash";
const file = join(tmpdir(), `interactions-hub-mcp-${process.pid}.db`);
const question = "What is the forecast for Paris?";

let hub: Awaited<ReturnType<typeof startTestHub>>;
let server: RunningMcpServer;
const weather = (members: JsonObject = {}): JsonObject => ({
  type: "mcp_server",
  name: "weather",
  url: server.url,
  headers: { authorization: "Bearer hunter2" },
  ...members,
});

beforeAll(async () => {
  server = await startMcpServer();
  hub = await startTestHub({ db: file, outbound: { allow: ["127.0.0.1"] } });
});
beforeEach(() => {
  server.called.length = 0;
  server.cancelled.length = 0;
});
afterAll(async () => {
  await hub.close();
  await server.close();
  for (const end of ["", "-wal", "-shm"]) await rm(`${file}${end}`, { force: true });
});

const connect = (name: (typeof releaseNames)[number]): Client =>
  releases[name]({ apiKey: "local", httpOptions: { baseUrl: hub.url } });

describe.each(releaseNames)("an MCP server, asked for by release %s", (name) => {
  test("is called by the hub, and calls and results are steps of the answer", async () => {
    const client = connect(name);
    const answer = await client.create({ model, input: question, tools: [weather()] });
    expect(answer.status).toBe("completed");
    const produced = client.produced(answer);
    const [call, ...otherCalls] = ofType(produced, "mcp_server_tool_call");
    const [result, ...otherResults] = ofType(produced, "mcp_server_tool_result");
    expect([...otherCalls, ...otherResults]).toEqual([]);
    expect(call).toMatchObject({ server_name: "weather", name: "get_forecast", arguments: { city: "Paris" } });
    expect(result).toMatchObject({ call_id: call?.id, server_name: "weather", name: "get_forecast" });
    expect(textOf(client, answer)).toContain("Sunny in Paris, 21 degrees");
    expect(server.seen.every(({ headers }) => headers.authorization === "Bearer hunter2")).toBe(true);
  });

  test("tells live what a read tells later, and is not called again in the next turn", async () => {
    const client = connect(name);
    const events = await client.stream({ model, input: question, tools: [weather()] });
    expect(outcomeOf(events).status).toBe("completed");
    const id = idOf(events);
    const stored = await client.get(id);
    const folded = client.fold(events);
    expect(client.produced(stored).slice(-folded.length)).toEqual(folded);
    expect(ofType(folded, "mcp_server_tool_call")).toHaveLength(1);
    expect(await client.replay(id)).toEqual(events);
    const next = await client.create({ model, input: "My name is Ada.", previous_interaction_id: id });
    expect(textOf(client, next)).toContain("Ada");
    expect(server.called).toEqual(["get_forecast"]);
  });

  test("leaves the client's own functions to the client", async () => {
    const client = connect(name);
    const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
    const book = { type: "function", name: "book_hotel", description: "Books a hotel.", parameters };
    const tools = [weather(), book];
    const input = "Get the forecast and book a hotel in Paris.";
    const asked = await client.create({ model, input, tools });
    expect(asked.status).toBe("requires_action");
    const produced = client.produced(asked);
    expect(ofType(produced, "mcp_server_tool_result")).toHaveLength(1);
    const [call] = ofType(produced, "function_call");
    const result = { type: "function_result", call_id: call?.id ?? null, name: "book_hotel", result: "room 7" };
    const answered = await client.create({ model, tools, previous_interaction_id: asked.id ?? null, input: [result] });
    expect(answered.status).toBe("completed");
    expect(textOf(client, answered)).toMatch(/Sunny in Paris.*room 7/);
    expect(server.called).toEqual(["get_forecast"]);
  });
});

describe("an MCP server", () => {
  test("is refused by the path of the member at fault, before anything is stored", async () => {
    const post = async (tools: JsonObject[]) => {
      const body = JSON.stringify({ model, input: question, tools });
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${hub.url}/v1beta/interactions`, { method: "POST", headers, body });
      return { status: response.status, text: await response.text() };
    };
    const refused: [JsonObject[], number, RegExp][] = [
      [[{ type: "mcp_server", name: "weather" }], 400, /tools\[0\]\.url/],
      [[weather(), weather()], 400, /tools\[1\]\.name/],
      [[weather({ url: "http://10.1.2.3/mcp" })], 400, /tools\[0\]\.url/],
      [[weather({ url: server.url.replace("127.0.0.1", "[::1]") })], 400, /tools\[0\]\.url/],
      [[weather({ allowed_tools: ["get_forecasts"] })], 400, /get_forecast.*tools\[0\]\.allowed_tools\[0\]/],
    ];
    for (const [tools, status, message] of refused) {
      const reply = await post(tools);
      expect(reply.status, reply.text).toBe(status);
      expect(reply.text).toMatch(message);
      expect(reply.text).not.toContain("hunter2");
    }
  });

  test("is left alone as soon as a run in the background is cancelled", async () => {
    const client = connect("3.1");
    const input = "Please wait for 20000 milliseconds.";
    const tools = [weather({ allowed_tools: ["wait"] })];
    const generation_config = { tool_choice: "any" };
    const begun = await client.create({ model, input, tools, generation_config, background: true });
    await until(() => server.called.length === 1);
    expect(await client.cancel(String(begun.id))).toMatchObject({ status: "cancelled" });
    await until(() => server.busy() === 0 && server.sessions() === 0);
  });

  test("gets the request's headers, and nobody else does: they are neither shown nor stored", async () => {
    const client = connect("3.1");
    const answer = await client.create({ model, input: question, tools: [weather()] });
    const shown = await client.get(String(answer.id));
    expect(JSON.stringify(shown)).not.toContain("hunter2");
    const stored = await Promise.all([file, `${file}-wal`].map((name) => readFile(name).catch(() => Buffer.of())));
    expect(stored.some((bytes) => bytes.includes("weather"))).toBe(true);
    expect(stored.some((bytes) => bytes.includes("hunter2"))).toBe(false);
  });
});

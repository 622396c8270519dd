import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../../../schema/core/json.ts";
import { askGraphql } from "../../cases/graphql-client.ts";
import { create, openCreate, openStream, revisionHeader, send, wholeStream } from "../../cases/http-client.ts";
import { redDot } from "../../cases/red-dot.ts";
import { startTestHub } from "../../cases/start-test-hub.ts";
import { exportOf, importInto } from "./open-transfer.ts";

let folder: string;
let hub: Awaited<ReturnType<typeof startTestHub>> | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-transfer-"));
});
afterEach(async () => {
  await hub?.close();
  rmSync(folder, { recursive: true, force: true });
});

const model = "simulator";
const weather = {
  type: "function",
  name: "get_weather",
  description: "The weather in a city.",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
const everything = `{
  interactions(first: 50) { totalCount nodes {
    id status createdAt updatedAt model rootId labels { key value } usage { totalTokens } errors { code }
    chain { id } chainUsage { totalTokens interactions } next(first: 9) { nodes { id } } descendants(first: 9) { nodes { id } } outputText
  } }
  search(text: "paris", first: 50) { nodes { snippet score side interaction { id } } }
  tools { tool name calls results failures }
  usage(groupBy: [day, model]) { day model interactions totalTokens }
}`;

/** Everything that clients of every kind see of some interactions. */
async function seen(url: string, ids: readonly string[]) {
  const graph = await askGraphql(url, everything);
  if (graph.body.errors !== undefined) throw new Error(JSON.stringify(graph.body.errors));
  const resources = [];
  for (const id of ids) {
    for (const headers of Object.values(revisionHeader)) {
      const address = `${url}/v1beta/interactions/${id}`;
      resources.push((await send(`${address}?include_input=true`, "GET", undefined, headers)).body);
      resources.push(await wholeStream(openStream(`${address}?stream=true`, { headers })));
    }
  }
  return { graph: graph.body.data, resources };
}

/** Conversations of several kinds, in both revisions. */
async function talk(url: string): Promise<string[]> {
  const ids: string[] = [];
  const say = async (body: JsonObject, headers: Record<string, string> = revisionHeader.steps) => {
    const reply = await create(url, { model, ...body }, headers);
    expect(reply.status).toBe(200);
    ids.push(String(reply.body.id));
    return reply.body;
  };
  const image = { type: "image", data: redDot, mime_type: "image/png" };
  const hello = await say({ input: [{ type: "text", text: "Look." }, image], labels: { team: "one" } });
  const asked = await say({
    input: "What is the weather in Paris?",
    tools: [weather],
    previous_interaction_id: String(hello.id),
  });
  const call = (asked.steps as JsonObject[]).find(({ type }) => type === "function_call");
  const result = { type: "function_result", call_id: String(call?.id), name: "get_weather", result: "Rain in Paris." };
  await say({ input: [result], tools: [weather], previous_interaction_id: String(asked.id) });
  await say({ input: "And now something else.", previous_interaction_id: String(hello.id) }, revisionHeader.legacy);
  await say({ input: "Draw a dot.", response_format: [{ type: "image" }] });
  for (const body of [
    { model, input: "Tell me of Paris at length." },
    { model: "simulator-fault-cut-3", input: "Hi" },
  ]) {
    const [begun] = await wholeStream(openCreate(url, body, revisionHeader.steps));
    if (begun === undefined || begun.data === "[DONE]") throw new Error("nothing was streamed");
    ids.push(String((begun.data.interaction as JsonObject).id));
  }
  return ids;
}

test("a hub that was moved by an export looks to every client as it did, and goes on", async () => {
  const [first, second] = [join(folder, "first.db"), join(folder, "second.db")];
  hub = await startTestHub({ db: first });
  const ids = await talk(hub.url);
  const before = await seen(hub.url, ids);
  // The file is in use.
  const { bytes, summary } = await exportOf(first);
  expect(summary).toMatchObject({ interactions: ids.length, media: 2, unfinished: 0, unsound: 0 });
  await hub.close();
  hub = undefined;

  await importInto(second, bytes);
  hub = await startTestHub({ db: second });
  expect(await seen(hub.url, ids)).toEqual(before);
  const [tip] = ids.slice(2);
  const next = await create(hub.url, { model, input: "What did I say first?", previous_interaction_id: String(tip) });
  expect(next).toMatchObject({ status: 200, body: { status: "completed", previous_interaction_id: tip } });
  expect(JSON.stringify(next.body.steps)).toContain("Look.");
});

import { afterEach, expect, test } from "vitest";
import type { JsonObject } from "../../schema/core/json.ts";
import { createLogger } from "../../server/log.ts";
import { create, send } from "../cases/http-client.ts";
import { jsonResponse, startReplayServer } from "../cases/replay-server.ts";
import { startTestHub } from "../cases/start-test-hub.ts";
import { until } from "../cases/until.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A hub whose upstream is out of order, and what it writes into its log. */
async function start(): Promise<{ url: string; lines: JsonObject[] }> {
  const lines: JsonObject[] = [];
  const write = (line: string): number => lines.push(JSON.parse(line));
  const error = { message: "The pump is dry." };
  const upstream = await startReplayServer(() => ({ response: jsonResponse(502, { error }) }));
  const entry = { name: "local", kind: "openai-chat", base_url: upstream.url, retries: 0 };
  const hub = await startTestHub({ upstreams: [entry] }, createLogger("info", { write }));
  closing.push(upstream.close, hub.close);
  return { url: hub.url, lines };
}

/** Lines that tell the private cause: what the upstream answered. */
const withCause = (lines: readonly JsonObject[]): JsonObject[] =>
  lines.filter((line) => JSON.stringify(line).includes("status 502"));

test.each<JsonObject>([{}, { stream: true }])(
  "the cause of a refused request stands in the log once: %j",
  async (members) => {
    const { url, lines } = await start();
    const { status } = await create(url, { model: "local/m", input: "Hi", ...members });
    expect(status).toBe(503);
    await until(() => lines.some(({ msg }) => msg === "request failed"));
    expect(withCause(lines)).toMatchObject([
      { msg: "an interaction failed", err: { cause: { type: "UpstreamTrouble" } } },
    ]);
    expect(lines.find(({ msg }) => msg === "request failed")).toMatchObject({
      status: 503,
      refusal: expect.stringContaining("The pump is dry."),
    });
  },
);

test("the cause of a failure that no request hears of stands in the log once", async () => {
  const { url, lines } = await start();
  const { body } = await create(url, { model: "local/m", input: "Hi", background: true });
  await until(async () => (await send(`${url}/v1beta/interactions/${body.id}`, "GET")).body.status === "failed");
  expect(withCause(lines)).toMatchObject([{ msg: "an interaction failed", interaction: body.id }]);
});

import { gzipSync } from "node:zlib";
import { Agent } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";
import { HubError } from "../../../schema/core/error.ts";
import type { BodyLimit } from "../../../server/outbound/incoming-body.ts";
import { sendRequest } from "../../../server/outbound/send-request.ts";
import { upstreamFailure } from "../../../server/providers/upstream-error.ts";
import { rawResponse } from "../../cases/replay-server.ts";
import { replayUpstream } from "../../cases/replay-upstream.ts";
import { until } from "../../cases/until.ts";

const limit: BodyLimit = { bytes: 1_000, reason: new HubError("upstream_error", "That is too much.") };
const text = { "content-type": "text/plain" };

async function answer(reply: string | Buffer): Promise<{ response: Response; open: () => number }> {
  const server = await replayUpstream([{ response: reply }]);
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  onTestFinished(() => agent.destroy());
  return { response: await sendRequest(agent, server.url, {}, limit), open: server.openConnections };
}

function compressed(status: number, said: string): Buffer {
  const body = gzipSync(said);
  const head = `HTTP/1.1 ${status} Replayed\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

describe("the body of an answer", () => {
  it("may be as long as it is allowed to be", async () => {
    const { response } = await answer(rawResponse(200, text, "x".repeat(1_000)));
    expect(await response.text()).toHaveLength(1_000);
  });

  it("is broken off where it is longer, and its connection with it", async () => {
    const { response, open } = await answer(rawResponse(200, text, "x".repeat(1_001)));
    await expect(response.text()).rejects.toThrow("That is too much.");
    await until(() => open() === 0);
  });

  it("may not become longer by being decompressed", async () => {
    const { response } = await answer(compressed(200, "x".repeat(100_000)));
    await expect(response.text()).rejects.toThrow("That is too much.");
  });

  it("just ends where it is an error that says more than anybody reads", async () => {
    const { response } = await answer(rawResponse(400, text, "x".repeat(3 * 2 ** 20)));
    const said = await response.text();
    expect(said.length).toBeLessThanOrEqual(2 ** 20);
    expect(said).toMatch(/^x+$/);
  });

  it("just ends too where such an error comes compressed", async () => {
    const { response } = await answer(compressed(500, "x".repeat(3 * 2 ** 20)));
    expect((await response.text()).length).toBeLessThanOrEqual(2 ** 20);
  });
});

describe("an answer that is none", () => {
  it.each([
    ["a status beyond all", "HTTP/1.1 999 What\r\ncontent-length: 0\r\n\r\n"],
    ["a reason of control characters", "HTTP/1.1 200 O\u0001K\r\ncontent-length: 0\r\n\r\n"],
  ])("is told as the upstream's fault: %s", async (_, response) => {
    const { fetch, url } = await replayUpstream([{ response }]);
    const failure = upstreamFailure("local", await fetch(url).catch((error) => error));
    expect(failure).toMatchObject({ code: "upstream_error", message: "A server answered with a status that is none." });
  });

  it("redirects to a place that is not told at length", async () => {
    const location = `http://elsewhere.test/${"x".repeat(5_000)}`;
    const { fetch, url } = await replayUpstream([{ response: rawResponse(302, { location }) }]);
    const failure = upstreamFailure("local", await fetch(url).catch((error) => error));
    expect(failure.message).toMatch(/^The upstream redirects to 'http:\/\/elsewhere\.test\/x+…'/);
    expect(failure.message.length).toBeLessThan(300);
  });
});

import { afterEach, describe, expect, it } from "vitest";
import { HubError } from "../../../schema/core/error.ts";
import { closeToolServers, open, serverOf } from "../../cases/open-tool-server.ts";
import { PIXEL } from "../../cases/start-mcp-server.ts";
import { until } from "../../cases/until.ts";

const { signal } = new AbortController();

afterEach(closeToolServers);

describe("what a tool gives back", () => {
  it("is an object where the result is structured and its text says the same", async () => {
    const opened = await open(await serverOf());
    const answer = await opened.call("add", { a: 1, b: 2 }, signal);
    expect(answer).toEqual({ result: { type: "json", json: { sum: 3 } }, is_error: false });
  });

  it("is contents where there are media", async () => {
    const opened = await open(await serverOf());
    const { result } = await opened.call("draw", {}, signal);
    expect(result).toEqual({
      type: "content",
      content: [
        { type: "text", text: "Here it is:" },
        { type: "image", mime_type: "image/png", data: PIXEL },
      ],
    });
  });

  it("tells resources, links and a structure that no text repeats", async () => {
    const opened = await open(await serverOf());
    const { result } = await opened.call("report", {}, signal);
    if (result.type !== "content") throw new Error("no contents");
    const [text, pdf, zip, link, structure] = result.content;
    expect(text).toEqual({ type: "text", text: "file:///report.txt:\nAll is well." });
    expect(pdf).toEqual({ type: "document", mime_type: "application/pdf", data: "JVBERi0=" });
    expect(zip?.type === "text" && JSON.parse(zip.text)).toMatchObject({
      resource: { uri: "file:///r.zip", mime_type: "application/zip", bytes: 4 },
    });
    expect(link?.type === "text" && JSON.parse(link.text)).toEqual({
      resource_link: { uri: "file:///more.txt", name: "more", mimeType: "text/plain" },
    });
    expect(structure).toEqual({ type: "text", text: '{"pages":2}' });
  });

  it("is an error for the model where the tool failed, does not exist or does not take the arguments", async () => {
    const opened = await open(await serverOf());
    expect(await opened.call("fail", {}, signal)).toEqual({
      result: { type: "text", text: "The disk is full." },
      is_error: true,
    });
    for (const [tool, given] of [
      ["nothing", {}],
      ["add", { a: "one" }],
    ] as const) {
      const { result, is_error } = await opened.call(tool, given, signal);
      expect(is_error).toBe(true);
      expect(JSON.stringify(result)).toMatch(tool === "add" ? /expected number/i : /not found/i);
    }
  });

  it.each([true, false])("is an error where it is too long (as JSON: %s), and the next call works", async (json) => {
    const server = await serverOf({ json });
    const opened = await open(server, {}, { resultBytes: 10_000 });
    const before = performance.now();
    const { result, is_error } = await opened.call("flood", { bytes: 3_000_000 }, signal);
    expect(performance.now() - before).toBeLessThan(3_000);
    expect({ result, is_error }).toEqual({
      result: { type: "text", text: "The MCP server 'test' gave an answer that is longer than 10000 bytes." },
      is_error: true,
    });
    expect((await opened.call("get_forecast", { city: "Rome" }, signal)).is_error).toBe(false);
  });
});

describe("a call", () => {
  it("that is slow ends at its deadline as an error for the model, and the server is told", async () => {
    const server = await serverOf();
    const opened = await open(server, {}, { callTimeout: 800 });
    const answer = await opened.call("wait", { milliseconds: 10_000 }, signal);
    expect(answer).toEqual({
      result: { type: "text", text: "The MCP server 'test' gave no answer within 800 milliseconds." },
      is_error: true,
    });
    await until(() => server.cancelled.length === 1 && server.busy() === 0);
    expect((await opened.call("get_forecast", { city: "Rome" }, signal)).is_error).toBe(false);
  });

  it("rejects at once when its signal aborts, and the server is told", async () => {
    const server = await serverOf();
    const opened = await open(server);
    const controller = new AbortController();
    const reason = new HubError("cancelled", "enough");
    const answer = opened.call("wait", { milliseconds: 10_000 }, controller.signal);
    await until(() => server.called.length === 1);
    const before = performance.now();
    controller.abort(reason);
    await expect(answer).rejects.toBe(reason);
    expect(performance.now() - before).toBeLessThan(2000);
    await opened.close();
    await until(() => server.cancelled.length === 1 && server.busy() === 0);
    expect(server.sessions()).toBe(0);
  });

  it("is an error for the model where the server is gone", async () => {
    const server = await serverOf();
    const opened = await open(server);
    await server.close();
    const { result, is_error } = await opened.call("get_forecast", { city: "Paris" }, signal);
    expect(is_error).toBe(true);
    expect(result).toEqual({
      type: "text",
      text: expect.stringMatching(/^The MCP server 'test' could not be reached( \([A-Z_]+\))?\.$/),
    });
  });

  it("is asked in a new session also where the first attempt to begin one failed", async () => {
    let down = false;
    const server = await serverOf({
      instead: (_request, response, body) => {
        if (down && body.includes('"initialize"')) response.writeHead(503).end();
        return down && body.includes('"initialize"');
      },
    });
    const opened = await open(server);
    server.forget();
    down = true;
    expect(await opened.call("add", { a: 1, b: 2 }, signal)).toMatchObject({ is_error: true });
    down = false;
    expect(await opened.call("add", { a: 1, b: 2 }, signal)).toMatchObject({ is_error: false });
    await opened.close();
    expect(server.sessions()).toBe(0);
  });

  it("is asked in a new session where the server has forgotten the old one", async () => {
    const server = await serverOf();
    const opened = await open(server);
    server.forget();
    const answers = await Promise.all(["Paris", "Rome"].map((city) => opened.call("get_forecast", { city }, signal)));
    expect(answers.map((answer) => answer.is_error)).toEqual([false, false]);
    expect(server.called).toHaveLength(2);
    expect(server.sessions()).toBe(1);
    await opened.close();
    expect(server.sessions()).toBe(0);
  });

  it("is answered on the stream that the server has told it to go on with", async () => {
    const stream = { "content-type": "text/event-stream" };
    let id: unknown;
    const server = await serverOf({
      instead({ method, headers }, response, body) {
        if (body.includes('"tools/call"')) {
          ({ id } = JSON.parse(body));
          response.writeHead(200, stream).end("id: 7\nretry: 1200\ndata:\n\n");
          return true;
        }
        if (method !== "GET") return false;
        const result = { content: [{ type: "text", text: `after ${headers["last-event-id"]}` }] };
        response.writeHead(200, stream).end(`id: 8\ndata: ${JSON.stringify({ jsonrpc: "2.0", id, result })}\n\n`);
        return true;
      },
    });
    const opened = await open(server);
    const { result } = await opened.call("get_forecast", { city: "Paris" }, signal);
    expect(result).toEqual({ type: "text", text: "after 7" });
  });

  it.each(["a whole stream", "a cut stream"])("fails soon where %s ends without an answer", async (how) => {
    const server = await serverOf({
      instead(_, response, body) {
        if (!body.includes('"tools/call"')) return false;
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(": working\n\n");
        setTimeout(() => (how === "a cut stream" ? response.destroy() : response.end()), 10);
        return true;
      },
    });
    const opened = await open(server);
    const before = performance.now();
    const { result, is_error } = await opened.call("get_forecast", { city: "Paris" }, signal);
    expect(performance.now() - before).toBeLessThan(3_000);
    expect({ result, is_error }).toEqual({
      result: { type: "text", text: "The MCP server 'test' broke off its answer." },
      is_error: true,
    });
  });
});

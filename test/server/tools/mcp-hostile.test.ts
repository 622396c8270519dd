import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { isJsonObject, type JsonObject } from "../../../schema/core/json.ts";
import { closeToolServers, open, refusalToOpen, serverOf } from "../../cases/open-tool-server.ts";
import type { RunningMcpServer } from "../../cases/start-mcp-server.ts";

const { signal } = new AbortController();

afterEach(closeToolServers);

type Reply = (response: ServerResponse, message: JsonObject) => void;

/** A server that answers requests of one method, or answers to its own requests (`""`), in its own way. */
function serverThat(replies: Readonly<Record<string, Reply>>): Promise<RunningMcpServer> {
  return serverOf({
    stateless: true,
    instead(_request, response, body) {
      const message: unknown = body === "" ? {} : JSON.parse(body);
      if (!isJsonObject(message)) return false;
      const reply = replies[typeof message.method === "string" ? message.method : ""];
      reply?.(response, message);
      return reply !== undefined;
    },
  });
}

/** A result as JSON text, because some cannot be made as values. */
function give(response: ServerResponse, { id }: JsonObject, result: string): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`);
}

const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
const tools = (...list: object[]) => JSON.stringify({ tools: list, nextCursor: "more" });

describe("a server that lists without end", () => {
  it("is given up after so many pages, though they are empty, all of them over one connection", async () => {
    const server = await serverThat({ "tools/list": (response, asked) => give(response, asked, tools()) });
    const error = await refusalToOpen(server, {}, { connectTimeout: 60_000 });
    expect(error).toMatchObject({ code: "upstream_error", field: "tools[1].url" });
    expect(error.message).toBe("The MCP server 'test' lists its tools without end.");
    expect(server.connections()).toBeLessThan(10);
  });

  it("is given up after so many characters, though its tools are few", async () => {
    let page = 0;
    const server = await serverThat({
      "tools/list"(response, asked) {
        page += 1;
        const tool = { name: `tool-${page}`, description: "x".repeat(3 * 2 ** 20), inputSchema: { type: "object" } };
        give(response, asked, tools(tool));
      },
    });
    const error = await refusalToOpen(server, {}, { connectTimeout: 60_000 });
    expect(error.message).toBe("The MCP server 'test' lists its tools without end.");
    expect(page).toBeLessThan(10);
  });
});

describe("what nests so deep that it cannot be passed on", () => {
  it("is refused as the schema of a tool", async () => {
    const tool = `{"name":"t","inputSchema":{"type":"object","properties":{"a":{"enum":${deep}}}}}`;
    const server = await serverThat({
      "tools/list": (response, asked) => give(response, asked, `{"tools":[${tool}]}`),
    });
    const error = await refusalToOpen(server);
    expect(error).toMatchObject({ code: "upstream_error", field: "tools[1].url" });
    expect(error.message).toBe(
      "The MCP server 'test' has a tool ('t') with a schema that nests deeper than 500 levels.",
    );
  });

  it("is an error as the result of a call", async () => {
    const result = `{"content":[],"structuredContent":{"a":${deep}}}`;
    const server = await serverThat({ "tools/call": (response, asked) => give(response, asked, result) });
    const opened = await open(server);
    expect(await opened.call("draw", {}, signal)).toEqual({
      result: { type: "text", text: "The MCP server 'test' gave an answer that nests deeper than 500 levels." },
      is_error: true,
    });
  });
});

describe("a server that asks the hub", () => {
  it("is answered, but cannot make it open ever more connections", async () => {
    let answered = 0;
    const server = await serverThat({
      "tools/call"(response, { id }) {
        response.writeHead(200, { "content-type": "text/event-stream" });
        for (let ping = 0; ping < 500; ping += 1)
          response.write(`data: {"jsonrpc":"2.0","id":"p${ping}","method":"ping"}\n\n`);
        const result = { content: [{ type: "text", text: "done" }] };
        setTimeout(() => response.end(`data: ${JSON.stringify({ jsonrpc: "2.0", id, result })}\n\n`), 300);
      },
      ""(response) {
        answered += 1;
        setTimeout(() => response.writeHead(202).end(), 200);
      },
    });
    const opened = await open(server);
    expect(await opened.call("draw", {}, signal)).toMatchObject({ result: { text: "done" } });
    expect(answered).toBeGreaterThan(0);
    expect(server.connections()).toBeLessThan(20);
  });
});

describe("a server of another time", () => {
  it("is told from one that cannot be reached", async () => {
    const result = '{"protocolVersion":"1999-01-01","capabilities":{},"serverInfo":{"name":"x","version":"1"}}';
    const server = await serverThat({ initialize: (response, asked) => give(response, asked, result) });
    const error = await refusalToOpen(server);
    expect(error.message).toBe("The MCP server 'test' speaks a version of MCP that is not known here.");
  });
});

import { afterEach, describe, expect, it } from "vitest";
import { HubError } from "../../../schema/core/error.ts";
import type { ToolServerRequest } from "../../../schema/tool-server.ts";
import { closeToolServers, mcpServers, open, refusalToOpen, serverOf } from "../../cases/open-tool-server.ts";
import type { McpServerOptions } from "../../cases/start-mcp-server.ts";
import { until } from "../../cases/until.ts";

const { signal } = new AbortController();

afterEach(closeToolServers);

describe.each<[string, McpServerOptions]>([
  ["with sessions and event streams", {}],
  ["without sessions", { stateless: true }],
  ["that answers as JSON", { json: true }],
  ["that lists its tools in pages", { page: 2 }],
])("an MCP server %s", (_, options) => {
  it("is asked for its tools and called", async () => {
    const server = await serverOf(options);
    const opened = await open(server);
    expect(opened.tools.map((tool) => tool.name)).toEqual([
      "get_forecast",
      "add",
      "draw",
      "report",
      "fail",
      "wait",
      "flood",
    ]);
    expect(opened.tools[0]).toMatchObject({
      description: "Tells the weather forecast of a city.",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    });
    expect(opened.tools[1]?.description).toBe("Adds two numbers.");
    const answer = await opened.call("get_forecast", { city: "Paris" }, signal);
    expect(answer).toEqual({ result: { type: "text", text: "Sunny in Paris, 21 degrees" }, is_error: false });
    await opened.close();
    expect(server.sessions()).toBe(0);
    await until(() => server.busy() === 0);
  });
});

describe("opening a server", () => {
  it("sends the request's headers with every request, and says who asks", async () => {
    const server = await serverOf();
    const opened = await open(server, { headers: { authorization: "Bearer secret" } });
    await opened.call("add", { a: 1, b: 1 }, signal);
    await opened.close();
    expect(server.seen.map(({ rpc, method }) => rpc ?? method)).toEqual([
      "initialize",
      "notifications/initialized",
      "tools/list",
      "tools/call",
      "DELETE",
    ]);
    expect(server.seen.every(({ headers }) => headers.authorization === "Bearer secret")).toBe(true);
  });

  it("keeps to the tools that are allowed, however they are named", async () => {
    const server = await serverOf({ page: 2 });
    const names = async (allowed_tools: ToolServerRequest["allowed_tools"]) =>
      (await open(server, { ...(allowed_tools && { allowed_tools }) })).tools.map((tool) => tool.name);
    expect(await names(["add", "flood"])).toEqual(["add", "flood"]);
    expect(await names([{ mode: "auto", tools: ["draw"] }, "add"])).toEqual(["add", "draw"]);
    expect(await names([{ mode: "auto" }])).toHaveLength(7);
  });

  it("refuses a name that the server does not have, with its path and the closest one", async () => {
    const server = await serverOf();
    const error = await refusalToOpen(server, { allowed_tools: ["add", { tools: ["draw", "get_forcast"] }] });
    expect(error).toMatchObject({
      code: "invalid_request",
      field: "tools[1].allowed_tools[1].tools[1]",
      message: "The MCP server 'test' has no tool 'get_forcast'. Did you mean 'get_forecast'?",
    });
    await until(() => server.sessions() === 0);
  });

  it("refuses more tools than may be offered, unless fewer are allowed", async () => {
    const server = await serverOf();
    const error = await refusalToOpen(server, {}, { toolsPerServer: 6 });
    expect(error).toMatchObject({ code: "invalid_request", field: "tools[1].allowed_tools" });
    expect(error.message).toContain("7 tools, and 6 are allowed");
    expect((await open(server, { allowed_tools: ["add"] }, { toolsPerServer: 6 })).tools).toHaveLength(1);
  });

  it.each([
    [401, "invalid_request", "tools[1].headers", "refused the request's credentials (HTTP 401)"],
    [404, "invalid_request", "tools[1].url", "does not speak MCP over streamable HTTP at its URL (HTTP 404)"],
    [302, "invalid_request", "tools[1].url", "redirects elsewhere, which is not followed (HTTP 302)"],
    [429, "upstream_error", "tools[1].url", "takes no more requests at the moment (HTTP 429)"],
    [503, "upstream_error", "tools[1].url", "failed (HTTP 503)"],
    [200, "invalid_request", "tools[1].url", "does not speak MCP over streamable HTTP at its URL"],
  ])(
    "tells by cause why it failed (HTTP %i), without repeating what the server wrote",
    async (status, code, field, says) => {
      const server = await serverOf({
        instead(request, response) {
          const headers = status === 302 ? { location: "http://elsewhere.example/" } : {};
          response.writeHead(status, headers).end(`you sent ${request.headers.authorization}`);
          return true;
        },
      });
      const error = await refusalToOpen(server, { headers: { authorization: "Bearer secret" } });
      expect(error).toMatchObject({ code, field, message: `The MCP server 'test' ${says}.` });
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("secret");
      expect(error.cause).toBeUndefined();
    },
  );

  it("tells that there is no server", async () => {
    const server = await serverOf();
    await server.close();
    const error = await refusalToOpen(server);
    expect(error).toMatchObject({
      code: "upstream_error",
      field: "tools[1].url",
      message: "The MCP server 'test' could not be reached (ECONNREFUSED).",
    });
  });

  it("passes on that an address may not be asked, with the path of the URL", async () => {
    const guard = new HubError("invalid_request", "The address 10.0.0.1 is private.");
    const guarded = [
      () => Promise.reject(guard),
      () => Promise.reject(Object.assign(new TypeError("fetch failed"), { cause: guard })),
    ];
    for (const fetch of guarded) {
      const error = await refusalToOpen({ url: "http://10.0.0.1/mcp" }, {}, { fetch });
      expect(error).toMatchObject({
        code: "invalid_request",
        field: "tools[1].url",
        message: "The MCP server 'test' may not be asked: The address 10.0.0.1 is private.",
      });
    }
  });

  it("has a deadline for all of it, after which nothing stays open", async () => {
    const server = await serverOf({ instead: (_, __, body) => body.includes('"tools/list"') });
    const before = performance.now();
    const error = await refusalToOpen(server, {}, { connectTimeout: 200 });
    expect(performance.now() - before).toBeLessThan(1_000);
    expect(error).toMatchObject({
      code: "deadline_exceeded",
      message: "The MCP server 'test' gave no answer within 200 milliseconds.",
    });
    await until(() => server.sessions() === 0 && server.busy() === 0);
  });

  it("stops at once when its signal aborts, and nothing stays open", async () => {
    const server = await serverOf({ instead: (_, __, body) => body.includes('"notifications/initialized"') });
    const controller = new AbortController();
    const reason = new HubError("cancelled", "enough");
    const opened = mcpServers().open({ name: "test", url: server.url }, "tools[0]", controller.signal);
    await until(() => server.seen.length === 2);
    controller.abort(reason);
    await expect(opened).rejects.toBe(reason);
    await until(() => server.sessions() === 0 && server.busy() === 0);
  });
});

describe("a description of a server", () => {
  const url = "https://mcp.example/mcp";
  it.each<[ToolServerRequest, string, RegExp]>([
    [{ url }, "tools[2].name", /needs a name/],
    [{ name: "", url }, "tools[2].name", /needs a name/],
    [{ name: "a" }, "tools[2].url", /needs a URL/],
    [{ name: "a", url: "mcp.example" }, "tools[2].url", /not a URL/],
    [{ name: "a", url: "file:///mcp" }, "tools[2].url", /https/],
    [{ name: "a", url: "https://me:secret@mcp.example/" }, "tools[2].url", /credentials/],
    [{ name: "a", url, headers: { "Mcp-Session-Id": "secret" } }, "tools[2].headers", /'Mcp-Session-Id'/],
    [{ name: "a", url, headers: { "bad name": "secret" } }, "tools[2].headers", /'bad name'/],
    [{ name: "a", url, headers: { authorization: "secret\n" + "x: y" } }, "tools[2].headers", /'authorization'/],
    [{ name: "a", url, allowed_tools: [] }, "tools[2].allowed_tools", /no tool/],
    [{ name: "a", url, allowed_tools: ["b", { mode: "any" }] }, "tools[2].allowed_tools[1].mode", /'any'/],
    [{ name: "a", url, allowed_tools: [{ mode: "none" }] }, "tools[2].allowed_tools[0].mode", /'none'/],
  ])("that cannot be honoured is refused before anything is sent: %#", (request, field, message) => {
    const refusal = mcpServers().refuse(request, "tools[2]");
    expect(refusal?.field).toBe(field);
    expect(refusal?.message).toMatch(message);
    expect(refusal?.message).not.toContain("secret");
  });

  it("is accepted otherwise", () => {
    const headers = { authorization: "Bearer secret" };
    const allowed_tools = ["a", { tools: ["b"] }, { mode: "validated" as const }];
    expect(mcpServers().refuse({ name: "a", url, headers, allowed_tools }, "tools[0]")).toBeUndefined();
  });
});

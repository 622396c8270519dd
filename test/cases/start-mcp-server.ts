import { randomUUID } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";

/** One pixel, as PNG. */
export const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

export type McpServerOptions = {
  /** Without sessions, each request stands for itself. */
  stateless?: boolean;
  /** Answers as JSON instead of event streams. */
  json?: boolean;
  /** How many tools `tools/list` gives at once. */
  page?: number;
  /** Answers a request in the server's stead; true if it did. */
  instead?: (request: IncomingMessage, response: ServerResponse, body: string) => boolean;
};

/** A real MCP server of this machine, and what it has seen. */
export type RunningMcpServer = {
  url: string;
  /** Every request, in order; `rpc` is the protocol's own method. */
  seen: { method: string; headers: IncomingHttpHeaders; rpc?: string }[];
  /** Names of the tools called, in order. */
  called: string[];
  /** Names of the tools whose call was cancelled. */
  cancelled: string[];
  /** Sessions that are open. */
  sessions(): number;
  /** Connections that are busy. */
  busy(): number;
  /** Connections that were opened so far. */
  connections(): number;
  /** As if it had restarted: no session is known any more. */
  forget(): void;
  close(): Promise<void>;
};

/** Starts an MCP server made with the official SDK, over streamable HTTP on loopback. */
export async function startMcpServer(options: McpServerOptions = {}): Promise<RunningMcpServer> {
  const transports = new Map<string, StreamableHTTPServerTransport>();
  const seen: RunningMcpServer["seen"] = [];
  const called: string[] = [];
  const cancelled: string[] = [];
  let busy = 0;
  let connections = 0;

  async function open(): Promise<StreamableHTTPServerTransport> {
    const transport = new StreamableHTTPServerTransport({
      ...(options.stateless === true ? {} : { sessionIdGenerator: () => randomUUID() }),
      enableJsonResponse: options.json === true,
      onsessioninitialized: (id) => void transports.set(id, transport),
      onsessionclosed: (id) => void transports.delete(id),
    });
    await toolServer(called, cancelled, options.page).connect(transport as Parameters<McpServer["connect"]>[0]);
    return transport;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request);
    const { method: rpc } = body === "" ? {} : JSON.parse(body);
    const { method = "", headers } = request;
    seen.push({ method, headers, ...(rpc === undefined ? {} : { rpc }) });
    if (options.instead?.(request, response, body) === true) return;
    const session = headers["mcp-session-id"];
    const known = typeof session === "string" ? transports.get(session) : await open();
    if (known === undefined) response.writeHead(404).end();
    else await known.handleRequest(request, response, body === "" ? undefined : JSON.parse(body));
  }

  const server = createServer((request, response) => {
    busy += 1;
    response.once("close", () => (busy -= 1));
    void handle(request, response);
  });
  server.on("connection", () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    seen,
    called,
    cancelled,
    sessions: () => transports.size,
    busy: () => busy,
    connections: () => connections,
    forget: () => transports.clear(),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function toolServer(called: string[], cancelled: string[], page: number | undefined): McpServer {
  const server = new McpServer({ name: "test", version: "1.0.0" });
  const text = (said: string) => ({ type: "text" as const, text: said });

  server.registerTool(
    "get_forecast",
    { description: "Tells the weather forecast of a city.", inputSchema: { city: z.string() } },
    ({ city }) => {
      called.push("get_forecast");
      return { content: [text(`Sunny in ${city}, 21 degrees`)] };
    },
  );
  server.registerTool(
    "add",
    { title: "Adds two numbers.", inputSchema: { a: z.number(), b: z.number() }, outputSchema: { sum: z.number() } },
    ({ a, b }) => {
      called.push("add");
      const structuredContent = { sum: a + b };
      return { structuredContent, content: [text(JSON.stringify(structuredContent))] };
    },
  );
  server.registerTool("draw", { description: "Draws a pixel." }, () => {
    called.push("draw");
    return { content: [text("Here it is:"), { type: "image", data: PIXEL, mimeType: "image/png" }] };
  });
  server.registerTool("report", { outputSchema: { pages: z.number() } }, () => {
    called.push("report");
    const uri = "file:///report.txt";
    return {
      structuredContent: { pages: 2 },
      content: [
        { type: "resource", resource: { uri, mimeType: "text/plain", text: "All is well." } },
        { type: "resource", resource: { uri: "file:///r.pdf", mimeType: "application/pdf", blob: "JVBERi0=" } },
        { type: "resource", resource: { uri: "file:///r.zip", mimeType: "application/zip", blob: "UEsDBA==" } },
        { type: "resource_link", uri: "file:///more.txt", name: "more", mimeType: "text/plain" },
      ],
    };
  });
  server.registerTool("fail", {}, () => {
    called.push("fail");
    return { isError: true, content: [text("The disk is full.")] };
  });
  server.registerTool("wait", { inputSchema: { milliseconds: z.number() } }, async ({ milliseconds }, { signal }) => {
    called.push("wait");
    await wait(milliseconds, undefined, { signal }).catch(() => cancelled.push("wait"));
    return { content: [text("waited")] };
  });
  server.registerTool("flood", { inputSchema: { bytes: z.number() } }, ({ bytes }) => {
    called.push("flood");
    return { content: [text("x".repeat(bytes))] };
  });
  if (page !== undefined) paginate(server, page);
  return server;
}

/** The official server lists all tools at once; this cuts its list into pages. */
function paginate(server: McpServer, page: number): void {
  const handlers: unknown = Reflect.get(server.server, "_requestHandlers");
  const listAll = handlers instanceof Map ? handlers.get("tools/list") : undefined;
  server.server.setRequestHandler(ListToolsRequestSchema, async (request, extra) => {
    const { tools } = await listAll(request, extra);
    const from = Number(request.params?.cursor ?? 0);
    const nextCursor = from + page < tools.length ? { nextCursor: String(from + page) } : {};
    return { tools: tools.slice(from, from + page), ...nextCursor };
  });
}

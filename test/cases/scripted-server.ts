import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { errorReply } from "../../server/fronts/interactions/json-reply.ts";
import { interactionsOperations } from "../../server/fronts/interactions/operations.ts";
import { createApp } from "../../server/http/app.ts";
import { closeServer } from "../../server/http/close-server.ts";
import { listen } from "../../server/http/listen.ts";
import { createScriptedHub, type ScriptedHub, type ScriptedHubOptions } from "./scripted-hub.ts";

export type ScriptedServer = ScriptedHub & { url: string; close(): Promise<void> };

export type ScriptedServerOptions = ScriptedHubOptions & {
  patience?: { stream: number; unary: number };
  heartbeat?: number;
};

/** The Interactions API on a real port of this machine, over a hub whose only provider is the test. */
export async function startScriptedServer(options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
  const scripted = createScriptedHub(options);
  const { hub, bugs } = scripted;
  const patience = options.patience ?? { stream: 20_000, unary: 30_000 };
  const app = createApp({
    operations: interactionsOperations({ hub, revision: "auto", patience, bug: (error) => bugs.push(error) }),
    rawOperations: [],
    errorReply,
    host: "127.0.0.1",
    allowedHosts: [],
    allowedOrigins: [],
    keys: [],
    limits: { body_bytes: 2 ** 20, json_depth: 50, json_values: 100_000 },
    heartbeat: options.heartbeat ?? 15_000,
    requestId: () => "request",
    report: ({ status, error }) => {
      if (status >= 500 && error !== undefined) bugs.push(error);
    },
  });
  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  const port = await listen(server, "127.0.0.1", 0);
  return {
    ...scripted,
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = closeServer(server, 500);
      await hub.close();
      await closed;
    },
  };
}

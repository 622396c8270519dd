import { createServer } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import { openSqliteStore } from "../db/sqlite-store.ts";
import { HubError } from "../schema/core/error.ts";
import type { JsonValue } from "../schema/core/json.ts";
import type { Environment, RunningHub } from "./configuration/running-hub.ts";
import type { Configuration } from "./configuration/schema.ts";
import { errorReply } from "./fronts/interactions/json-reply.ts";
import { interactionsOperations } from "./fronts/interactions/operations.ts";
import { createApp } from "./http/app.ts";
import type { RequestLine } from "./http/app-options.ts";
import { closeServer } from "./http/close-server.ts";
import { listen } from "./http/listen.ts";
import { refuseMalformed } from "./http/refuse-malformed.ts";
import { systemOperations } from "./http/system-operations.ts";
import { createCatalog } from "./hub/catalog.ts";
import { every } from "./hub/every.ts";
import { createHub } from "./hub/hub.ts";
import { sweep } from "./hub/sweeper.ts";
import { simulatorUpstream } from "./providers/simulator/upstream.ts";

/** Clients wait this long for headers at most; the older official ones give up after 60 seconds. */
const PATIENCE = { stream: 20_000, unary: 30_000 };

/** Milliseconds between two batches of removals. */
const SWEEP_PAUSE = 20;

/** Milliseconds between two looks for interactions whose end could not be written when it came. */
const RECOVER_INTERVAL = 5_000;

/** How long replies may take to end when the server stops. */
const GRACE = 5_000;

/** Puts everything together and listens: the only place that knows everybody. */
export async function startHub(configuration: Configuration, environment: Environment): Promise<RunningHub> {
  const { log, now, random } = environment;
  const { limits } = configuration;
  const bug = (error: unknown) => log.error({ err: error }, "unexpected error");
  const store = openSqliteStore({ file: configuration.db, mediaBytes: limits.stored_media_bytes, lasting: true });
  const ephemeral = openSqliteStore({ file: ":memory:", mediaBytes: limits.stored_media_bytes, lasting: false });
  const closeStores = () => Promise.all([store.close(), ephemeral.close()]);
  try {
    const catalog = createCatalog({ upstreams: [simulatorUpstream(configuration.simulator)] });
    const hub = createHub({
      store,
      ephemeral,
      catalog,
      concurrentRuns: limits.concurrent_runs,
      runTime: limits.run_time,
      now,
      random,
      bug,
      trouble: (id, error) => log.warn({ interaction: id, err: error }, "an interaction failed"),
      degraded: (id, degradations) =>
        log.warn({ interaction: id, degradations }, "an upstream got less than was asked"),
      perform: ({ provider, call }, signal) => provider.run(call, signal),
    });
    const recover = async () => {
      const interrupted = await hub.recover();
      if (interrupted > 0) log.warn({ interrupted }, "ended interactions that nothing runs any more");
    };
    const choreFailed = (error: unknown) => log.error({ err: error }, "housekeeping failed and will be tried again");
    // A full disk must not keep anybody from reading, or from deleting to make room.
    await recover().catch(choreFailed);

    const app = createApp({
      operations: [
        ...systemOperations({ load: hub.load, openApi }),
        ...interactionsOperations({ hub, revision: configuration.revision, patience: PATIENCE, bug }),
      ],
      errorReply,
      host: configuration.host,
      allowedHosts: configuration.allowed_hosts,
      allowedOrigins: configuration.allowed_origins,
      keys: configuration.api_keys,
      limits,
      heartbeat: configuration.heartbeat_ms,
      requestId: createRequestIds(random),
      report: (line) => reportRequest(log, line),
    });
    const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
    refuseMalformed(server, errorReply);
    const port = await listen(server, configuration.host, configuration.port);
    const stopping = new AbortController();
    const forgetOld = async () => {
      const pause = () => wait(SWEEP_PAUSE);
      const removed = await sweep(store, configuration.retention, now(), pause, stopping.signal);
      if (removed > 0) log.info({ removed }, "removed interactions that had outlived their time");
    };
    const chores = [
      every(RECOVER_INTERVAL, recover, choreFailed),
      every(configuration.retention.sweep_interval, forgetOld, choreFailed),
    ];

    return {
      url: `http://${configuration.host.includes(":") ? `[${configuration.host}]` : configuration.host}:${port}`,
      port,
      describe: () => ({
        simulator_answers_for: configuration.simulator.answers_for_gemini
          ? "simulator*, gemini-*, Google's agents"
          : "simulator*",
        data_file: configuration.db,
      }),
      async close() {
        stopping.abort();
        const closed = closeServer(server, GRACE);
        await hub.close();
        await Promise.all([closed, ...chores.map((chore) => chore.stop())]);
        await closeStores();
      },
    };
  } catch (error) {
    await closeStores();
    throw error;
  }
}

/** Built when first asked for: it takes longer than the rest of the start. */
async function openApi(): Promise<JsonValue> {
  return (await import("../schema/interactions/openapi.ts")).openApiDocument() as JsonValue;
}

/** Ids by which a line of the log is found: a random beginning for the process, then a count. */
function createRequestIds(random: (bytes: number) => Uint8Array): () => string {
  const process = Buffer.from(random(6)).toString("base64url");
  let count = 0;
  return () => {
    count += 1;
    return `${process}-${count.toString(36)}`;
  };
}

function reportRequest(log: Environment["log"], { error, ...line }: RequestLine): void {
  const failed = line.status >= 500 || (error instanceof HubError && error.code === "storage_full");
  if (failed) log.error({ ...line, err: error }, "request failed");
  else log.debug(error instanceof Error ? { ...line, refusal: error.message } : line, "request");
}

import { createServer } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { createSqliteArchive } from "../db/archive/sqlite-archive.ts";
import { createDriver } from "../db/driver.ts";
import { createSqliteStore, openSqliteStore } from "../db/sqlite-store.ts";
import { openStorage } from "../db/storage.ts";
import packageJson from "../package.json" with { type: "json" };
import type { JsonValue } from "../schema/core/json.ts";
import type { Upstream } from "../schema/provider.ts";
import type { Environment, RunningHub } from "./configuration/running-hub.ts";
import type { Configuration } from "./configuration/schema.ts";
import { upstreamLine } from "./configuration/upstream-line.ts";
import { createGraphqlFront } from "./fronts/graphql/front.ts";
import { readPersistedDocuments } from "./fronts/graphql/read-persisted-documents.ts";
import { errorReply } from "./fronts/interactions/json-reply.ts";
import { interactionsOperations } from "./fronts/interactions/operations.ts";
import { mediaOperations } from "./fronts/media/operations.ts";
import { acceptUpgrades } from "./http/accept-upgrades.ts";
import { createListener } from "./http/app.ts";
import type { AppOptions } from "./http/app-options.ts";
import { closeServer } from "./http/close-server.ts";
import { holdEarly } from "./http/hold-early.ts";
import { listen } from "./http/listen.ts";
import { refuseMalformed } from "./http/refuse-malformed.ts";
import { reportRequest } from "./http/report-request.ts";
import { createRequestIds } from "./http/request-ids.ts";
import { systemOperations } from "./http/system-operations.ts";
import { createCatalog } from "./hub/catalog.ts";
import { every } from "./hub/every.ts";
import { createHub } from "./hub/hub.ts";
import { sweep } from "./hub/sweeper.ts";
import { createUpstreamStates, type KnownUpstream } from "./hub/upstream-states.ts";
import { createOutside, type Outside } from "./outside.ts";
import { connectUpstream } from "./providers/connect-upstream.ts";
import { type SimulatorSettings, simulatorUpstream } from "./providers/simulator/upstream.ts";
import type { UpstreamSettings } from "./providers/upstream-settings.ts";

/** Clients wait this long for headers at most; the older official ones give up after 60 seconds. */
const PATIENCE = { stream: 20_000, unary: 30_000 };

/** Milliseconds between two batches of removals. */
const SWEEP_PAUSE = 20;

/** Milliseconds between two looks for interactions whose end could not be written when it came. */
const RECOVER_INTERVAL = 5_000;

/** Milliseconds that a local server may take to say that it is one. */
const PROBE = 300;

/** How long replies may take to end when the server stops. */
const GRACE = 5_000;

/** Puts everything together and listens: the only place that knows everybody. */
export async function startHub(configuration: Configuration, environment: Environment): Promise<RunningHub> {
  const { log, now, random, isPrivate = false } = environment;
  const { limits } = configuration;
  const bug = (error: unknown) => log.error({ err: error }, "unexpected error");
  /** Errors that stand in the log with their causes: the request that they failed only names them. */
  const told = new WeakSet<Error>();
  const driver = createDriver(await environment.nativeBinding?.(configuration.data));
  const mediaBytes = limits.stored_media_bytes;
  const storage = openStorage({
    driver,
    file: configuration.db,
    mediaBytes,
    lasting: true,
    heldBy: isPrivate ? "command" : "hub",
    upgrading(step) {
      log.info(step, "upgrading the data file to the schema of this version");
      environment.upgrading?.(step);
    },
  });
  const server = createServer();
  /** What lets go of everything that is open, and does nothing else with it. */
  let letGo: () => unknown = () => storage.database.close();
  try {
    const { upgraded, announce } = storage.database;
    if (upgraded !== undefined) log.info(upgraded, "upgraded the data file; as it was, it is kept");
    const store = createSqliteStore(storage);
    const ephemeral = openSqliteStore({ driver, file: ":memory:", mediaBytes, lasting: false });
    const outside = createOutside(configuration, environment, packageJson.version);
    const closeAll = () => Promise.all([store.close(), ephemeral.close(), outside.close()]);
    letGo = closeAll;
    const found = await findUpstreams(configuration, environment, outside);
    const upstreams = await Promise.all(
      found.map(({ settings }) => connectUpstream(settings, outside.context(settings))),
    );
    const simulator = simulatorFor(configuration, found);
    if (simulator !== undefined) upstreams.push(simulatorUpstream(simulator));
    const catalog = createCatalog({
      upstreams,
      aliases: configuration.aliases,
      stand_ins: new Set(["simulator"]),
      trouble: (upstream, error) => log.warn({ upstream, err: error }, "an upstream does not tell its models"),
      ...(configuration.default_model === undefined ? {} : { fallback: configuration.default_model }),
    });
    const hub = createHub({
      store,
      ephemeral,
      catalog,
      concurrentRuns: limits.concurrent_runs,
      runTime: limits.run_time,
      now,
      random,
      bug,
      trouble: (id, error) => {
        told.add(error);
        log.warn({ interaction: id, err: error }, "an interaction failed");
      },
      degraded: (id, degradations) =>
        log.warn({ interaction: id, degradations }, "an upstream got less than was asked"),
      servers: outside.toolServers,
      rounds: configuration.mcp.rounds,
    });
    const archive = createSqliteArchive(storage);
    const recover = async () => {
      const { ended, resumed } = await hub.recover();
      if (ended > 0) log.warn({ interrupted: ended }, "ended interactions that nothing runs any more");
      if (resumed > 0) log.info({ resumed }, "took up interactions that their upstreams went on with");
    };
    const choreFailed = (error: unknown) => log.error({ err: error }, "housekeeping failed and will be tried again");
    const { graphql: settings } = configuration;
    const documents = settings.persisted_documents;
    const graphql = createGraphqlFront({
      hub,
      archive,
      upstreams: createUpstreamStates({ upstreams: knownUpstreams(upstreams, found), now }),
      limits: settings,
      introspection: settings.introspection,
      graphiql: settings.graphiql,
      documents: documents === undefined ? new Map() : await readPersistedDocuments(documents),
      documentsOnly: settings.persisted_only,
      subscribers: settings.subscribers,
      bufferedBytes: settings.buffered_bytes,
      messageBytes: limits.body_bytes,
      stallTimeout: settings.stall_timeout,
      heartbeat: configuration.heartbeat_ms,
      bug,
    });
    const appOptions: AppOptions = {
      operations: [
        ...systemOperations({ load: () => ({ ...hub.load(), ...graphql.load() }), openApi }),
        ...interactionsOperations({ hub, revision: configuration.revision, patience: PATIENCE, bug }),
        ...mediaOperations({ archive }),
      ],
      rawOperations: graphql.operations,
      errorReply,
      host: configuration.host,
      allowedHosts: configuration.allowed_hosts,
      allowedOrigins: configuration.allowed_origins,
      keys: configuration.api_keys,
      limits,
      heartbeat: configuration.heartbeat_ms,
      requestId: createRequestIds(random),
      report: (line) => reportRequest(log, line, told),
    };
    const listener = createListener(appOptions);
    refuseMalformed(server, errorReply);
    const letIn = holdEarly(server);
    const port = await listen(server, configuration.host, configuration.port);
    const url = `http://${configuration.host.includes(":") ? `[${configuration.host}]` : configuration.host}:${port}`;
    // Nothing from here on can keep the hub from starting: what it takes up belongs to it, and would end with it. A full
    // disk must not keep anybody from reading, or from deleting to make room.
    if (!isPrivate) await recover().catch(choreFailed);
    server.on("request", listener);
    acceptUpgrades(server, graphql.upgrades, appOptions);
    letIn();
    if (!isPrivate) announce({ url, started_at: now() });
    const stopping = new AbortController();
    const forgetOld = async () => {
      const pause = () => wait(SWEEP_PAUSE);
      const removed = await sweep(store, configuration.retention, now(), pause, stopping.signal);
      if (removed > 0) log.info({ removed }, "removed interactions that had outlived their time");
    };
    const chores = isPrivate
      ? []
      : [
          every(RECOVER_INTERVAL, recover, choreFailed),
          every(configuration.retention.sweep_interval, forgetOld, choreFailed),
        ];

    return {
      url,
      port,
      describe: () => ({
        ...(simulator === undefined
          ? {}
          : {
              simulator_answers_for: simulator.answers_for_gemini
                ? "simulator*, gemini-*, Google's agents"
                : "simulator*",
            }),
        data_file: configuration.db,
        ...(upgraded === undefined ? {} : { upgraded }),
        upstreams: found.map(({ settings, found: line }) => ({ name: settings.name, line })),
        example_model: exampleModel(configuration, found, simulator),
      }),
      async close() {
        stopping.abort();
        const closed = closeServer(server, GRACE);
        await hub.close();
        await graphql.close();
        await Promise.all([closed, ...chores.map((chore) => chore.stop())]);
        await closeAll();
      },
    };
  } catch (error) {
    server.close();
    server.closeAllConnections();
    await letGo();
    throw error;
  }
}

type FoundUpstream = { settings: UpstreamSettings; found: string };

/** Those of the configuration; where it names none and lets the hub look, those that the machine has. */
async function findUpstreams(
  { upstreams, discover }: Configuration,
  { env, log }: Environment,
  outside: Outside,
): Promise<FoundUpstream[]> {
  if (upstreams.length > 0 || !discover) {
    return upstreams.map((settings) => ({ settings, found: upstreamLine(settings) }));
  }
  const { discoverUpstreams } = await import("./providers/discover/discover-upstreams.ts");
  return discoverUpstreams({ env, fetch: outside.probe, timeout: PROBE, warn: (message) => log.warn(message) });
}

/** The upstreams with what they speak and where they are. */
function knownUpstreams(upstreams: readonly Upstream[], found: readonly FoundUpstream[]): KnownUpstream[] {
  return upstreams.map(({ provider }) => {
    const settings = found.find((one) => one.settings.name === provider.name)?.settings;
    const { kind = "simulator", base_url: address } = settings ?? {};
    return { provider, kind, ...(address === undefined ? {} : { address }) };
  });
}

/** Who stands in for Gemini gives way to Gemini itself, unless the configuration says otherwise. */
function simulatorFor({ simulator }: Configuration, found: readonly FoundUpstream[]): SimulatorSettings | undefined {
  const { enabled, answers_for_gemini: stands, ...pace } = simulator;
  const hasGemini = found.some(({ settings }) => settings.kind === "gemini");
  return enabled ? { ...pace, answers_for_gemini: stands === "auto" ? !hasGemini : stands } : undefined;
}

/** A name that somebody answers for. */
function exampleModel(
  { aliases, default_model: fallback }: Configuration,
  found: readonly FoundUpstream[],
  simulator: SimulatorSettings | undefined,
): string {
  const listed = found.find(({ settings }) => settings.models.length > 0)?.settings;
  const [alias] = aliases.keys();
  if (found.some(({ settings }) => settings.kind === "gemini") || simulator?.answers_for_gemini === true) {
    return "gemini-2.5-flash";
  }
  if (alias !== undefined) return alias;
  if (listed !== undefined) return `${listed.name}/${listed.models[0]}`;
  return fallback ?? (simulator === undefined ? "MODEL" : "simulator");
}

/** Built when first asked for: it takes longer than the rest of the start. */
async function openApi(): Promise<JsonValue> {
  return (await import("../schema/interactions/openapi.ts")).openApiDocument() as JsonValue;
}

import { digestOf } from "../../configuration/api-key.ts";
import { prepareDataFolder } from "../../configuration/data-folder.ts";
import { loadWithKey } from "../../configuration/load-configuration.ts";
import type { RunningHub } from "../../configuration/running-hub.ts";
import type { Configuration } from "../../configuration/schema.ts";
import { startFailure } from "../../configuration/start-failure.ts";
import { awaitFile } from "../await-file.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import { hubEnvironment } from "../hub-environment.ts";
import type { Holder } from "../tools.ts";
import { upgradingNotice } from "../upgrading-notice.ts";
import { givenAddress, hubKey } from "./hub-address.ts";
import { createHubClient, type HubClient } from "./hub-client.ts";

/**
 * Does something with a hub: the one at `--url` or `INTERACTIONS_HUB_URL`; else the one that serves the data file at this
 * moment; else one of its own, within this process, for as long as the work takes. Work that has to do with nothing `stored`
 * leaves the data file alone. The work is told the settings, unless it is a hub that somebody else may have set up.
 */
export async function withHub<T>(
  context: CommandContext,
  work: (client: HubClient, configuration?: Configuration) => Promise<T>,
  { stored = true }: { stored?: boolean } = {},
): Promise<T> {
  const { outside, settings } = context;
  const sent = hubKey(outside.env);
  const given = givenAddress(context);
  if (given !== undefined) return work(createHubClient(given, sent));
  const { configuration, key } = await loadWithKey(settings, outside.env, outside.readFile);
  const tools = await outside.openTools(configuration);
  const open = async (serving: Holder | undefined): Promise<OpenHub> => {
    if (serving?.url === undefined)
      return openOwn(context, stored ? configuration : { ...configuration, db: ":memory:" });
    return { client: createHubClient(reachable(serving.url), sent ?? key), close: async () => {} };
  };
  // Whatever leaves the data file alone need not wait for it.
  const hub = await (stored ? awaitFile(tools, configuration.db, open) : open(await tools.heldBy()));
  return useHub(hub, (client) => work(client, configuration));
}

/** Starts a hub that listens for this process alone, and closes it when the work is done. */
export async function withOwnHub<T>(
  context: CommandContext,
  configuration: Configuration,
  work: (client: HubClient) => Promise<T>,
): Promise<T> {
  return useHub(await openOwn(context, configuration), work);
}

type OpenHub = { client: HubClient; close(): Promise<void> };

async function useHub<T>({ client, close }: OpenHub, work: (client: HubClient) => Promise<T>): Promise<T> {
  try {
    return await work(client);
  } finally {
    await close();
  }
}

async function openOwn(context: CommandContext, configuration: Configuration): Promise<OpenHub> {
  const { outside, quiet } = context;
  await prepareDataFolder(configuration);
  const key = Buffer.from(outside.random(24)).toString("base64url");
  const own: Configuration = {
    ...configuration,
    host: "127.0.0.1",
    port: 0,
    api_keys: [{ name: "command", digest: digestOf(key), read_only: false }],
    allowed_hosts: [],
    allowed_origins: [],
    revision: "auto",
    graphql: { ...configuration.graphql, persisted_documents: undefined, persisted_only: false },
  };
  const hub = await startOwn(own, context);
  const { upgraded } = hub.describe();
  if (upgraded !== undefined && !quiet) {
    const { from, to, kept } = upgraded;
    const text = `upgraded ${own.db} from schema ${from} to ${to}; as it was, it is kept as ${kept}\n`;
    await outside.errors.write(text).catch(() => {});
  }
  return { client: createHubClient(hub.url, key), close: () => hub.close() };
}

async function startOwn(own: Configuration, context: CommandContext): Promise<RunningHub> {
  const { outside } = context;
  const log = await outside.createLogger("error");
  const upgrading = upgradingNotice(context, own.db);
  try {
    return await outside.startHub(own, { ...hubEnvironment(outside, log), isPrivate: true, upgrading });
  } catch (error) {
    const line = startFailure(error, own);
    if (line === undefined) throw error;
    throw new CommandFailure(line, { cause: error });
  }
}

/** Who listens everywhere is spoken to on this machine. */
function reachable(url: string): string {
  return url.replace("://0.0.0.0:", "://127.0.0.1:").replace("://[::]:", "://[::1]:");
}

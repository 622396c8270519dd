import { digestOf } from "../../configuration/api-key.ts";
import { prepareDataFolder } from "../../configuration/data-folder.ts";
import { clientVariables } from "../../configuration/environment-variables.ts";
import { loadWithKey } from "../../configuration/load-configuration.ts";
import type { Configuration } from "../../configuration/schema.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import { hubEnvironment } from "../hub-environment.ts";
import { usageError } from "../parser/usage-error.ts";
import type { Process } from "../process.ts";
import { startFailure } from "../start-failure.ts";
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
  const { outside, settings, url: flag } = context;
  const sent = outside.env[clientVariables.key] || undefined;
  const given = flag ?? (outside.env[clientVariables.url] || undefined);
  if (given !== undefined) return work(createHubClient(addressOf(given), sent));
  const { configuration, key } = await loadWithKey(settings, outside.env, outside.readFile);
  const served = await servedBy(configuration, outside);
  if (served !== undefined) return work(createHubClient(served, sent ?? key), configuration);
  const own: Configuration = stored ? configuration : { ...configuration, db: ":memory:" };
  return withOwnHub(context, own, (client) => work(client, configuration));
}

/** Starts a hub that listens for this process alone, and closes it when the work is done. */
export async function withOwnHub<T>(
  { outside, quiet }: CommandContext,
  configuration: Configuration,
  work: (client: HubClient) => Promise<T>,
): Promise<T> {
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
  const hub = await startOwn(own, outside);
  try {
    const { upgraded } = hub.describe();
    if (upgraded !== undefined && !quiet) {
      const { from, to, kept } = upgraded;
      await outside.errors.write(`upgraded ${own.db} from schema ${from} to ${to}; as it was, it is kept as ${kept}\n`);
    }
    return await work(createHubClient(hub.url, key));
  } finally {
    await hub.close();
  }
}

async function startOwn(own: Configuration, outside: Process) {
  const log = await outside.createLogger("error");
  try {
    return await outside.startHub(own, hubEnvironment(outside, log));
  } catch (error) {
    const line = startFailure(error, own);
    if (line === undefined) throw error;
    throw new CommandFailure(line, { cause: error });
  }
}

async function servedBy(configuration: Configuration, outside: Process): Promise<string | undefined> {
  if (configuration.db === ":memory:") return undefined;
  const served = (await outside.openTools(configuration)).servedBy();
  if (served === undefined) return undefined;
  if (served.url !== undefined) return reachable(served.url);
  throw new CommandFailure(`a hub is just starting, or stopping, on ${configuration.db}; try again in a moment`);
}

/** Who listens everywhere is spoken to on this machine. */
function reachable(url: string): string {
  return url.replace("://0.0.0.0:", "://127.0.0.1:").replace("://[::]:", "://[::1]:");
}

function addressOf(given: string): string {
  if (URL.canParse(given) && /^https?:$/.test(new URL(given).protocol)) return given.replace(/\/+$/, "");
  throw usageError(`the address of the hub: expected something like http://127.0.0.1:4460, not "${given}"`);
}

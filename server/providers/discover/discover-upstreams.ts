import type { UpstreamFetch } from "../provider-context.ts";
import type { DiscoveredUpstream } from "./discovered-upstream.ts";
import { isLoopback, type KeyVariables, keyedUpstreams } from "./keyed-upstreams.ts";
import { localServers, usualPorts } from "./local-servers.ts";

export type DiscoverOptions = {
  env: KeyVariables;
  fetch: UpstreamFetch;
  /** Milliseconds that one answer of a local server may take; refused connections take none. */
  timeout: number;
  /** The ports of this machine to look at. */
  ports?: readonly number[];
  /** Told of a variable that cannot be used; without its value. */
  warn?: (message: string) => void;
};

/** The upstreams that a machine has without any configuration: those with a key in the environment, then local servers. */
export async function discoverUpstreams(options: DiscoverOptions): Promise<DiscoveredUpstream[]> {
  const { env, fetch, timeout, ports = usualPorts, warn = () => {} } = options;
  const keyed = keyedUpstreams(env, warn);
  const local = await localServers({ fetch, timeout, ports });
  return [
    ...keyed.filter(({ settings }) => !local.some((server) => isSame(server, settings.base_url))),
    ...local.map((server) => withKey(server, keyed)),
  ];
}

/** The key that a variable names for this very server goes with its calls; nothing was sent of it while looking. */
function withKey(server: DiscoveredUpstream, keyed: readonly DiscoveredUpstream[]): DiscoveredUpstream {
  const same = keyed.find(({ settings }) => isSame(server, settings.base_url));
  if (same?.settings.key === undefined) return server;
  const { key } = same.settings;
  return { settings: { ...server.settings, key }, found: `${server.found}, key from OPENAI_API_KEY` };
}

/** Whether an address is that of a server on this machine, by whichever of the machine's own names. */
function isSame({ settings }: DiscoveredUpstream, url: string | undefined): boolean {
  if (url === undefined || settings.base_url === undefined || !isLoopback(url)) return false;
  const [one, other] = [new URL(settings.base_url), new URL(url)];
  return one.port === other.port && one.pathname === other.pathname && one.protocol === other.protocol;
}

import type { ToolServers } from "../schema/tool-server.ts";
import type { Environment } from "./configuration/running-hub.ts";
import type { Configuration } from "./configuration/schema.ts";
import type { Outbound } from "./outbound/send-request.ts";
import type { ProviderContext } from "./providers/provider-context.ts";
import type { UpstreamSettings } from "./providers/upstream-settings.ts";
import { createMcpServers } from "./tools/mcp/mcp-servers.ts";

/** Milliseconds that all of a medium at a URI may take, and a connection to where a user's address leads. */
const MEDIUM = 30_000;
const CONNECT = 10_000;

/** Every way out of the hub. */
export type Outside = {
  /** What a provider gets, with connections of its own. */
  context(settings: UpstreamSettings): ProviderContext;
  /** For looking at servers of this machine. */
  probe: typeof globalThis.fetch;
  toolServers: ToolServers;
  /** Closes every connection. */
  close(): Promise<void>;
};

/** Nothing is loaded before something goes out: a hub that only simulates needs none of it. */
export function createOutside(
  configuration: Configuration,
  { log, now, random }: Environment,
  version: string,
): Outside {
  const opened: Promise<Outbound>[] = [];

  function outbound(open: () => Promise<Outbound>): typeof globalThis.fetch {
    let made: Promise<Outbound> | undefined;
    return async (input, init) => {
      if (made === undefined) {
        made = open();
        opened.push(made);
      }
      return (await made).fetch(input, init);
    };
  }

  const toUpstream = (connectTimeout: number) =>
    outbound(async () => (await import("./outbound/upstream-fetch.ts")).createUpstreamFetch({ connectTimeout }));
  /** Where a user's address leads. */
  const guarded = outbound(async () =>
    (await import("./outbound/guarded-fetch.ts")).createGuardedFetch({
      allowed: configuration.outbound.allow,
      connectTimeout: CONNECT,
    }),
  );
  const fetchMedia: ProviderContext["fetchMedia"] = async (uri, signal) => {
    const { createMediaFetch } = await import("./outbound/fetch-media.ts");
    const limit = configuration.limits.stored_media_bytes;
    return createMediaFetch({ fetch: guarded, limit, timeout: MEDIUM })(uri, signal);
  };
  const { mcp } = configuration;

  return {
    context: ({ connect_timeout }) => ({
      fetch: toUpstream(connect_timeout),
      fetchMedia,
      sleep,
      now,
      random: () => Buffer.from(random(4)).readUInt32LE() / 2 ** 32,
      warn: (message, details) => log.warn(details, message),
    }),
    probe: toUpstream(CONNECT),
    toolServers: createMcpServers({
      fetch: guarded,
      connectTimeout: mcp.connect_timeout,
      callTimeout: mcp.call_timeout,
      toolsPerServer: mcp.tools_per_server,
      resultBytes: mcp.result_bytes,
      version,
    }),
    async close() {
      await Promise.all(opened.map(async (one) => (await one).close()));
    },
  };
}

/** What the platform's promised timers do, at a third of their cost: every answer of an upstream has one. */
function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}

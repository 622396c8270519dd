import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { z } from "zod";
import { startHub as startServer } from "../compose.ts";
import { ConfigurationError } from "../configuration/configuration-error.ts";
import { prepareDataFolder } from "../configuration/data-folder.ts";
import { explainIssues } from "../configuration/explain-issues.ts";
import { resolveKeys } from "../configuration/key-references.ts";
import { discoveryVariables } from "../configuration/running-hub.ts";
import { Configuration } from "../configuration/schema.ts";
import { startFailure } from "../configuration/start-failure.ts";
import { createLogger } from "../log.ts";
import { nativeBinding } from "../native-binding.ts";
import { refuseOldNode } from "./oldest-node.ts";

/** Settings as a configuration file has them. What users see of it is written by `build/declarations.ts`. */
export type HubOptions = Partial<z.input<typeof Configuration>>;

/** A running hub. `url` has no slash at the end. */
export type Hub = { url: string; port: number; close(): Promise<void>; [Symbol.asyncDispose](): Promise<void> };

/** What differs from the settings of the command line: a hub for a test is nobody's neighbour and leaves nothing behind. */
const quiet = { port: 0, discover: false, log_level: "silent" } as const;

/**
 * Starts a hub in this process: in memory unless `data` or `db` is given, on a free port, silent, and without looking for
 * keys and other servers. The hub's own environment variables do not count. Rejects with an error whose message names the
 * setting at fault.
 */
export async function startHub(options: HubOptions = {}): Promise<Hub> {
  refuseOldNode(process.versions.node);
  const configuration = await readOptions(options);
  await prepareDataFolder(configuration);
  const hub = await startServer(configuration, {
    log: createLogger(configuration.log_level),
    now: Date.now,
    random: (bytes) => randomBytes(bytes),
    env: Object.fromEntries(discoveryVariables.map((name) => [name, process.env[name]])),
    ...(nativeBinding === undefined ? {} : { nativeBinding }),
  }).catch((cause: unknown) => {
    throw failure(cause, configuration);
  });
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= hub.close();
    return closed;
  };
  return { url: hub.url, port: hub.port, close, [Symbol.asyncDispose]: close };
}

async function readOptions(options: HubOptions): Promise<Configuration> {
  const tree: Record<string, unknown> = { ...quiet };
  for (const [name, value] of Object.entries(options)) if (value !== undefined) tree[name] = value;
  const read = (path: string) => readFile(path, "utf8");
  tree.api_keys = await resolveKeys(tree.api_keys, { list: "api_keys", optional: false }, process.env, read);
  tree.upstreams = await resolveKeys(tree.upstreams, { list: "upstreams", optional: true }, process.env, read);
  tree.db ??= typeof tree.data === "string" ? join(tree.data, "interactions-hub.db") : ":memory:";
  tree.data ??= typeof tree.db === "string" ? dirname(tree.db) : undefined;
  const result = Configuration.safeParse(tree);
  if (result.success) return result.data;
  throw new ConfigurationError(explainIssues(result.error.issues, new Map(), undefined), { cause: result.error });
}

/** The words of the command line, with the setting at fault before them, and settings where that has flags. */
function failure(cause: unknown, configuration: Configuration): unknown {
  const told = startFailure(cause, configuration);
  if (told === undefined) return cause;
  // Only the data file is refused in the hub's own words: another hub holds it, or another version wrote it.
  const named = /^[a-z_.]+: /.test(told) ? told : `db: ${told}`;
  const text = named.replaceAll(/--([a-z]+(?:-[a-z]+)*)/g, (_, flag: string) => `\`${flag.replaceAll("-", "_")}\``);
  return new ConfigurationError(text, { cause });
}

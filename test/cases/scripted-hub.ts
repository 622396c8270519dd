import { createDriver } from "../../db/driver.ts";
import { openSqliteStore } from "../../db/sqlite-store.ts";
import type { Store } from "../../db/store.ts";
import type { Degradation } from "../../schema/core/degradation.ts";
import type { HubError } from "../../schema/core/error.ts";
import type { LoggedEvent } from "../../schema/core/event.ts";
import type { CreateRequest } from "../../schema/core/interaction.ts";
import type { Step } from "../../schema/core/step.ts";
import type { Hub } from "../../schema/hub.ts";
import type { ToolServers } from "../../schema/tool-server.ts";
import { type CatalogOptions, createCatalog } from "../../server/hub/catalog.ts";
import { createHub, type OwnedHub } from "../../server/hub/hub.ts";
import { createScriptedProvider, type ScriptedProvider, type ScriptOptions } from "./scripted-provider.ts";

export type ScriptedHub = {
  hub: OwnedHub;
  provider: ScriptedProvider;
  store: Store;
  ephemeral: Store;
  /** What the hub reported as defects. */
  bugs: unknown[];
  /** What ended a run from outside, with a cause that is not for clients. */
  troubles: HubError[];
  /** What the hub said of upstreams that got less than was asked. */
  degradations: Degradation[];
};

export type ScriptedHubOptions = ScriptOptions & {
  store?: Store;
  ephemeral?: Store;
  concurrentRuns?: number;
  runTime?: number;
  /** Who answers, instead of the scripted provider alone. */
  catalog?: CatalogOptions;
  servers?: ToolServers;
};

/** Nobody offers any tools. */
const noServers: ToolServers = {
  refuse: (_request, field) => ({ field, message: "There are no tool servers in this test." }),
  open: () => Promise.reject(new Error("There are no tool servers in this test.")),
};

/** Counts on from hub to hub: two of them over one store must not make the same ids. */
let seed = 0;

/** A hub over memory whose only provider is the test. Its clock ticks by one with each look. */
export function createScriptedHub(options: ScriptedHubOptions = {}): ScriptedHub {
  const provider = createScriptedProvider(options);
  const store = options.store ?? openMemory(true);
  const ephemeral = options.ephemeral ?? openMemory(false);
  const bugs: unknown[] = [];
  const troubles: HubError[] = [];
  const degradations: Degradation[] = [];
  let time = 1_750_000_000_000;
  const hub = createHub({
    store,
    ephemeral,
    catalog: createCatalog(options.catalog ?? { upstreams: [provider.upstream] }),
    servers: options.servers ?? noServers,
    rounds: 4,
    concurrentRuns: options.concurrentRuns ?? 100,
    runTime: options.runTime ?? 60_000,
    now: () => {
      time += 1;
      return time;
    },
    random: (bytes) => {
      seed += 1;
      return Uint8Array.from({ length: bytes }, (_, index) => Math.floor(seed / 64 ** (index % 4)) % 64);
    },
    bug: (error) => bugs.push(error),
    trouble: (_id, error) => troubles.push(error),
    degraded: (_id, told) => degradations.push(...told),
  });
  return { hub, provider, store, ephemeral, bugs, troubles, degradations };
}

/** A store in memory that keeps media of up to 64 KiB. */
export function openMemory(lasting: boolean): Store {
  return openSqliteStore({ driver: createDriver(), file: ":memory:", mediaBytes: 65_536, lasting });
}

/** A request with one line of text as its input. */
export function requestOf(overrides: Partial<CreateRequest> = {}): CreateRequest {
  return {
    model: "scripted-model",
    input: [say("Hello")],
    store: true,
    background: false,
    revision: "steps",
    settings: {},
    ...overrides,
  };
}

/** What a user says. */
export function say(text: string): Step {
  return { type: "user_input", content: [{ type: "text", text }] };
}

/** A whole log, from after a sequence to its end. */
export async function logOf(hub: Hub, id: string, after = 0, reader = new AbortController()): Promise<LoggedEvent[]> {
  const log: LoggedEvent[] = [];
  for await (const page of hub.follow(id, after, reader.signal)) log.push(...page);
  return log;
}

/** A promise's outcome as text, for tests of what is refused: the code and the field of a `HubError`. */
export async function refusalOf(
  promise: Promise<unknown>,
): Promise<{ code: unknown; field: unknown; message: string }> {
  try {
    await promise;
  } catch (error) {
    const { code, field, message } = error as { code?: unknown; field?: unknown; message: string };
    return { code, field, message };
  }
  throw new Error("expected a refusal, but it was granted");
}

/** Lets everything that is ready happen: timers of no delay, immediates and promises. */
export async function settle(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

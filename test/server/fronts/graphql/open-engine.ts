import type { ExecutionResult } from "graphql";
import { createSqliteArchive } from "../../../../db/archive/sqlite-archive.ts";
import { createDriver } from "../../../../db/driver.ts";
import { createSqliteStore } from "../../../../db/sqlite-store.ts";
import { openStorage } from "../../../../db/storage.ts";
import type { Store } from "../../../../db/store.ts";
import type { Archive } from "../../../../schema/archive.ts";
import type { Event } from "../../../../schema/core/event.ts";
import { foldLog } from "../../../../schema/core/fold.ts";
import type { Interaction, TerminalStatus } from "../../../../schema/core/interaction.ts";
import type { Step } from "../../../../schema/core/step.ts";
import type { Caller } from "../../../../server/fronts/graphql/context.ts";
import { createEngine, type Engine } from "../../../../server/fronts/graphql/engine.ts";
import type { GraphqlOptions } from "../../../../server/fronts/graphql/graphql-options.ts";
import { createScriptedHub, type ScriptedHub } from "../../../cases/scripted-hub.ts";
import { begunAs, logFrom } from "../../../cases/store.ts";

/** The engine of GraphQL over a scripted hub in memory, without a server around it. */
export type OpenEngine = ScriptedHub & {
  engine: Engine;
  archive: Archive;
  /** How often each method of the archive was called since the last look. */
  calls(): Record<string, number>;
  /** The data of an answer; its errors are thrown. */
  ask<Data>(query: string, variables?: Record<string, unknown>): Promise<Data>;
  /** An answer with its errors. */
  answer(query: string, variables?: Record<string, unknown>, caller?: Partial<Caller>): Promise<ExecutionResult>;
};

export function openEngine(overrides: Partial<GraphqlOptions> = {}): OpenEngine {
  const storage = openStorage({ driver: createDriver(), file: ":memory:", mediaBytes: 1 << 20, lasting: true });
  const store = createSqliteStore(storage);
  const { archive, calls } = counted(createSqliteArchive(storage));
  const scripted = createScriptedHub({ store });
  const engine = createEngine({
    hub: scripted.hub,
    archive,
    upstreams: async () => [],
    limits: { tokens: 4000, depth: 20, aliases: 50, cost: 100_000 },
    introspection: true,
    graphiql: false,
    documents: new Map(),
    documentsOnly: false,
    subscribers: 1000,
    bufferedBytes: 1 << 20,
    messageBytes: 1 << 20,
    stallTimeout: 30_000,
    heartbeat: 15_000,
    bug: (error) => scripted.bugs.push(error),
    ...overrides,
  });

  async function answer(query: string, variables: Record<string, unknown> = {}, caller: Partial<Caller> = {}) {
    const prepared = engine.prepare({ query, variables });
    if ("errors" in prepared) return { errors: prepared.errors };
    return engine.run(prepared, engine.contextFor({ ...somebody, ...caller }));
  }

  return {
    ...scripted,
    engine,
    archive,
    calls,
    answer,
    async ask<Data>(query: string, variables?: Record<string, unknown>) {
      const { data, errors } = await answer(query, variables);
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
      return JSON.parse(JSON.stringify(data)) as Data;
    },
  };
}

/** Somebody who may do everything and waits for the answer. */
export const somebody: Caller = {
  readOnly: false,
  address: "http://hub.test",
  requestId: "request-1",
  callerKey: () => undefined,
  gone: new AbortController().signal,
};

export type Said = {
  asked?: string;
  output?: Step[];
  status?: TerminalStatus;
  errors?: { code: string; message: string }[];
  tokens?: number;
};

/** Stores an interaction that has ended; `name` makes its id. */
export async function storeSaid(
  store: Store,
  name: string,
  { asked = `Hello from ${name}`, output = [answerOf(`Answer to ${name}`)], status = "completed", ...end }: Said = {},
  overrides: Partial<Interaction> = {},
): Promise<Interaction> {
  const input: Step[] = [{ type: "user_input", content: [{ type: "text", text: asked }] }];
  const begun = begunAs(name, { input, ...overrides });
  const events: Event[] = [
    { type: "status", status: "in_progress" },
    ...output.flatMap((step, index): Event[] => [
      { type: "step.start", index, step },
      { type: "step.stop", index },
    ]),
    {
      type: "finish",
      status,
      ...(end.tokens === undefined ? {} : { usage: { total_tokens: end.tokens } }),
      ...(end.errors === undefined ? {} : { errors: end.errors }),
    },
  ];
  const log = logFrom(1, ...events);
  await store.insert(begun, log.slice(0, 1));
  const ended = foldLog(begun, log);
  await store.finish(ended, log.slice(1));
  return ended;
}

/** Stores a chain; each goes on from the one before it, and the first one from `from`. */
export async function storeChain<const Names extends readonly string[]>(
  store: Store,
  names: Names,
  from?: Interaction,
): Promise<{ [Place in keyof Names]: Interaction }> {
  const chain: Interaction[] = [];
  for (const name of names) {
    const previous = chain.at(-1) ?? from;
    const links = previous === undefined ? {} : { root_id: previous.root_id, previous_id: previous.id };
    chain.push(await storeSaid(store, name, {}, links));
  }
  return chain as { [Place in keyof Names]: Interaction };
}

/** What a model says. */
export function answerOf(text: string): Step {
  return { type: "model_output", content: [{ type: "text", text }] };
}

/** The archive with a count of its calls. */
function counted(archive: Archive): { archive: Archive; calls(): Record<string, number> } {
  let counts: Record<string, number> = {};
  const watched = new Proxy(archive, {
    get(target, name: keyof Archive) {
      const method = target[name];
      return (...args: never[]) => {
        counts[name] = (counts[name] ?? 0) + 1;
        return (method as (...args: never[]) => unknown).apply(target, args);
      };
    },
  });
  return {
    archive: watched,
    calls() {
      const told = counts;
      counts = {};
      return told;
    },
  };
}

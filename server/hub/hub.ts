import type { Store } from "../../db/store.ts";
import type { Degradation } from "../../schema/core/degradation.ts";
import { HubError } from "../../schema/core/error.ts";
import { type CreateRequest, type Interaction, isTerminal } from "../../schema/core/interaction.ts";
import { withoutResent } from "../../schema/core/resent.ts";
import { shortened } from "../../schema/core/shortened.ts";
import { withoutSecrets } from "../../schema/core/without-secrets.ts";
import type { Begun, Hub } from "../../schema/hub.ts";
import type { ToolServers } from "../../schema/tool-server.ts";
import { atMost } from "./at-most.ts";
import { chooseCandidates } from "./candidates.ts";
import type { Catalog } from "./catalog.ts";
import { checkResults, readContinuation } from "./continuation.ts";
import { createDoorbell } from "./doorbell.ts";
import { finishFromLog } from "./finish-from-log.ts";
import { followLog } from "./follow-log.ts";
import { createIdMinter } from "./id-minter.ts";
import { interruption } from "./interruption.ts";
import { createRecovery, type Recovery } from "./recovery.ts";
import { runsToolsOf } from "./refuse-tool-servers.ts";
import { type Finish, type Run, type RunOptions, startRun } from "./run.ts";
import { runWithToolServers } from "./tool-rounds.ts";
import { unlessAborted } from "./unless-aborted.ts";
import type { Perform } from "./with-fallback.ts";

export type HubOptions = {
  /** Where what is stored goes. */
  store: Store;
  /** Where `store: false` lives while someone reads it. */
  ephemeral: Store;
  catalog: Catalog;
  concurrentRuns: number;
  /** Milliseconds after which a run is ended as failed. */
  runTime: number;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  /** Told of errors that are no `HubError`. */
  bug: (error: unknown) => void;
  /** Told of what an upstream could not be given as it was. */
  degraded: (id: string, degradations: readonly Degradation[]) => void;
  /** Reaches the servers of tools that requests name. */
  servers: ToolServers;
  /** How often a model may be given results of such tools to go on from. */
  rounds: number;
  /** Told of what ended a run from outside, where its cause is not for clients. */
  trouble: (id: string, error: HubError) => void;
};

/** The hub, and what only its owner may do with it. */
export type OwnedHub = Hub & {
  /** Goes on with what is stored as running although nothing runs it, or ends it as `interrupted`. */
  recover: Recovery["recover"];
  /** Ends everything that runs, truthfully, and refuses new work. */
  close(): Promise<void>;
  /** What is held right now: for health checks and for tests that look for leaks. */
  load(): { runs: number; waiting: number };
};

/** Milliseconds that providers may take to tell their upstreams that the hub ends. */
const FAREWELL = 2_000;

const overdue: Finish = {
  type: "finish",
  status: "failed",
  errors: [{ code: "deadline_exceeded", message: "The interaction ran longer than limits.run_time allows." }],
};

const cancelled: Finish = {
  type: "finish",
  status: "cancelled",
  errors: [{ code: "cancelled", message: "The interaction was cancelled." }],
};

export function createHub(options: HubOptions): OwnedHub {
  const { store, ephemeral, catalog, now, servers, rounds } = options;
  const runs = new Map<string, Run>();
  /** Runs that have ended or not, whose provider still holds something. */
  const held = new Set<Promise<void>>();
  const doorbell = createDoorbell();
  const mint = createIdMinter(now, options.random);
  /** Ids of what lives in the ephemeral store. */
  const unstored = new Set<string>();
  let closing = false;

  const storeOf = (id: string): Store => (unstored.has(id) ? ephemeral : store);

  const perform: Perform = ({ provider, call }, signal) =>
    runsToolsOf(provider, call)
      ? runWithToolServers({ provider, call, servers, rounds, signal })
      : provider.run(call, signal);

  async function head(id: string): Promise<Interaction> {
    return found(id, await storeOf(id).head(id));
  }

  async function read(id: string): Promise<Interaction> {
    return found(id, await storeOf(id).find(id));
  }

  function admit(): void {
    if (closing) throw new HubError("unavailable", "The server is shutting down.");
    if (runs.size >= options.concurrentRuns) {
      throw new HubError(
        "rate_limit_exceeded",
        `${runs.size} interactions are running, as many as limits.concurrent_runs allows. Try again shortly.`,
        { retryAfter: 1 },
      );
    }
  }

  /** Ends what runs; resolves when that is stored, or cannot be. */
  async function stop(id: string): Promise<void> {
    const run = runs.get(id);
    run?.end(cancelled);
    await run?.ended.catch(() => {});
  }

  /** Stops what nobody can read any more and forgets it. */
  async function forget(id: string): Promise<void> {
    await stop(id);
    // All of the ephemeral store goes with the hub, and may be closed by now.
    if (!closing) await ephemeral.remove(id);
    unstored.delete(id);
  }

  function launch(
    about: Pick<RunOptions, "interaction" | "end" | "inserted" | "candidates" | "notes" | "perform" | "store">,
  ): Run {
    const { id } = about.interaction;
    const run = startRun({
      ...about,
      now,
      grown: () => doorbell.ring(id),
      bug: options.bug,
      trouble: (error) => options.trouble(id, error),
      degraded: (degradations) => options.degraded(id, degradations),
    });
    runs.set(id, run);
    held.add(run.left);
    void run.left.finally(() => held.delete(run.left));
    const deadline = setTimeout(() => run.end(overdue), options.runTime);
    const done = () => {
      clearTimeout(deadline);
      runs.delete(id);
      doorbell.ring(id);
    };
    run.ended.then(done, () => {
      if (about.store === store) recovery.addEndless(id);
      done();
    });
    return run;
  }

  const recovery = createRecovery({
    ...{ store, catalog, now, bug: options.bug },
    runs: (id) => runs.has(id),
    launch({ interaction, end, candidate, perform: again }) {
      // What is left alone now is taken up by the next process.
      if (closing || runs.has(interaction.id)) return;
      const about = { interaction, end, inserted: Promise.resolve(), candidates: [candidate] as const };
      launch({ ...about, notes: [], perform: again, store });
    },
  });

  async function begin(request: CreateRequest, reader?: AbortSignal, caller_key?: string): Promise<Begun> {
    if (!request.store && reader === undefined) throw new Error("An interaction that is not stored needs a reader.");
    admit();
    const resolved = await catalog.resolve(request);
    const previous = request.previous_interaction_id;
    const { root_id, links, history } =
      previous === undefined ? { root_id: undefined, links: [], history: [] } : await readContinuation(store, previous);
    const input = withoutResent(history, request.input);
    if (input.length === 0 && request.input.length > 0) {
      throw new HubError("invalid_request", "Request has empty input: the chain holds all of it.", { field: "input" });
    }
    // Both judge the input as it was sent, so that a refusal names the place that the client knows.
    const kept = new Set(input);
    checkResults(history, request.input, (step) => kept.has(step));
    const { candidates, notes } = chooseCandidates({ request, resolved, links, history, input, caller_key, servers });
    const [{ provider, upstream_model }] = candidates;
    // Once more: others may have been admitted while the chain was read.
    admit();

    const id = mint(root_id);
    const at = now();
    const interaction: Interaction = {
      id,
      root_id: root_id ?? id,
      ...(previous === undefined ? {} : { previous_id: previous }),
      status: "in_progress",
      [resolved.kind]: resolved.name,
      provider: provider.name,
      ...(upstream_model === undefined ? {} : { upstream_model }),
      revision: request.revision,
      store: request.store,
      background: request.background,
      created_at: at,
      updated_at: at,
      settings: withoutSecrets(request.settings),
      input,
      output: [],
    };
    const home = request.store ? store : ephemeral;
    if (!request.store) unstored.add(id);
    const inserted = home.insert(interaction, [{ sequence: 1, at, event: { type: "status", status: "in_progress" } }]);
    const end = { sequence: 1, open: false };
    const run = launch({ interaction, end, inserted, candidates, notes, perform, store: home });
    if (!request.store && reader !== undefined) forgetWith(id, reader);
    await inserted;
    return {
      interaction,
      started: () => unlessAborted(run.started, reader),
      ended: () => unlessAborted(run.ended, reader),
    };
  }

  function forgetWith(id: string, reader: AbortSignal): void {
    const leave = () => void forget(id).catch(options.bug);
    if (reader.aborted) leave();
    else reader.addEventListener("abort", leave, { once: true });
  }

  return {
    begin,
    head,
    read,
    async holds(id, sequence) {
      return (await storeOf(id).events(id, sequence - 1, 1))[0]?.sequence === sequence;
    },
    follow: (id, after, reader) =>
      followLog({ id, after, reader, store: storeOf(id), doorbell, runOf: () => runs.get(id) }),
    async cancel(id) {
      await recovery.settled();
      const { status, background } = await head(id);
      if (status === "cancelled") return read(id);
      if (isTerminal(status)) {
        throw new HubError(
          "failed_precondition",
          `Interaction '${id}' has already ended (${status}) and cannot be cancelled.`,
        );
      }
      if (!background) {
        throw new HubError(
          "failed_precondition",
          `Interaction '${id}' does not run in the background; only background interactions can be cancelled.`,
        );
      }
      const run = runs.get(id);
      run?.end(cancelled);
      if (run !== undefined) await run.ended;
      // Stored as running although nothing runs it: its end could not be written when it came.
      else await finishFromLog(store, id, now(), interruption);
      return read(id);
    },
    async remove(id) {
      await recovery.settled();
      // What nothing runs here may go on at its upstream, for nobody any more.
      if (!unstored.has(id)) await recovery.takeUp(id);
      await stop(id);
      if (!(await storeOf(id).remove(id))) throw notFound(id);
    },
    models: () => catalog.models(),
    recover: recovery.recover,
    async close() {
      closing = true;
      const interrupted: Finish = {
        type: "finish",
        status: "failed",
        errors: [{ code: "interrupted", message: "The server was stopped while this interaction ran." }],
      };
      const open = [...runs.values()];
      for (const run of open) run.end(interrupted);
      await Promise.allSettled(open.map((run) => run.ended));
      await atMost(FAREWELL, held);
    },
    load: () => ({ runs: runs.size, waiting: doorbell.waiting() }),
  };
}

function notFound(id: string): HubError {
  return new HubError("not_found", `Interaction '${shortened(id)}' was not found.`);
}

function found(id: string, interaction: Interaction | undefined): Interaction {
  if (interaction === undefined) throw notFound(id);
  return interaction;
}

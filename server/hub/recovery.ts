import type { Store } from "../../db/store.ts";
import { HubError } from "../../schema/core/error.ts";
import { type Failure, isTerminal } from "../../schema/core/interaction.ts";
import type { Catalog } from "./catalog.ts";
import { finishFromLog } from "./finish-from-log.ts";
import { interruption } from "./interruption.ts";
import { planTakeUp, type TakeUp } from "./take-up.ts";

export type RecoveryOptions = {
  store: Store;
  catalog: Catalog;
  runs: (id: string) => boolean;
  now: () => number;
  /** Told of interactions that cannot be read. */
  bug: (error: unknown) => void;
  /** Goes on with a run that its upstream has kept. */
  launch: (run: TakeUp) => void;
};

/** What became of what was stored as running although nothing ran it. */
export type Recovered = { ended: number; resumed: number };

/** Looks after what is stored as running although nothing runs it. */
export type Recovery = {
  /**
   * Goes on with what a process before this one ran, where its upstream can, and finishes the rest as failed. One that cannot
   * be read does not keep the others from it. Not to be called while it is under way.
   */
  recover(): Promise<Recovered>;
  /** Goes on with one of them, if its upstream can, so that whoever ends it then ends it there too. */
  takeUp(id: string): Promise<void>;
  /** Resolves when none is under way: nobody may end what is just being taken up. */
  settled(): Promise<void>;
  /** What ran here, and whose end could not be stored: nobody is to go on with it. */
  addEndless(id: string): void;
};

export function createRecovery({ store, catalog, runs, now, bug, launch }: RecoveryOptions): Recovery {
  const endless = new Set<string>();
  let latest: Promise<Recovered> | undefined;

  async function recoverAll(): Promise<Recovered> {
    const known = [...endless];
    const orphans = (await store.unfinished()).filter((id) => !runs(id));
    const recovered: Recovered = { ended: 0, resumed: 0 };
    // One after the other: each may have a long log, and whoever waits for this must know what nobody goes on with.
    for (const id of orphans) {
      const became = await recover(id);
      recovered[became] += 1;
    }
    for (const id of known) endless.delete(id);
    return recovered;
  }

  async function recover(id: string): Promise<keyof Recovered> {
    if (runs(id)) return "resumed";
    try {
      const plan: TakeUp | Failure = endless.has(id) ? interruption : await planTakeUp(store, catalog, id);
      if ("candidate" in plan) {
        launch(plan);
        return "resumed";
      }
      await finishFromLog(store, id, now(), plan);
    } catch (error) {
      // A full disk is nobody's defect, and will be tried again.
      if (error instanceof HubError) throw error;
      bug(error);
      const head = await store.head(id);
      if (head !== undefined)
        await store.finish({ ...head, status: "failed", errors: [interruption], updated_at: now() }, []);
    }
    return "ended";
  }

  return {
    recover() {
      latest = recoverAll();
      return latest;
    },
    async takeUp(id) {
      const head = await store.head(id);
      if (head === undefined || isTerminal(head.status) || runs(id) || endless.has(id)) return;
      try {
        const plan = await planTakeUp(store, catalog, id);
        if ("candidate" in plan) launch(plan);
      } catch (error) {
        // What cannot be read can be ended all the same.
        bug(error);
      }
    },
    async settled() {
      await latest?.catch(() => {});
    },
    addEndless: (id) => void endless.add(id),
  };
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Interaction } from "../../schema/core/interaction.ts";
import type { JsonObject } from "../../schema/core/json.ts";
import type { RunningHub } from "../../server/configuration/running-hub.ts";
import { readStored } from "../cases/read-stored.ts";
import { startTestHub } from "../cases/start-test-hub.ts";
import type { Client } from "./client.ts";
import { type ReleaseName, releases } from "./releases.ts";
import type { RunningVendor } from "./vendors.ts";

/** A client, connected to a hub that keeps its data in a file. */
export type HubStage = {
  client: Client;
  /** Where the hub is now. */
  url(): string;
  /** Interactions as they stand in the file; the hub is restarted for that, as only one at a time may use it. */
  stored(ids: readonly string[]): Promise<Interaction[]>;
  /** Ends the hub and starts another one on the same file; the client speaks to that from then on. */
  restart(): Promise<void>;
  close(): Promise<void>;
};

/** A stage on which the hub asks one vendor. */
export type UpstreamStage = HubStage & {
  running: RunningVendor;
  /** The body of the vendor's latest request. */
  lastAsked(): JsonObject;
};

/** Sets a stage; at its end the vendor ends too. */
export async function setUpstreamStage(running: RunningVendor, release: ReleaseName): Promise<UpstreamStage> {
  const stage = await setHubStage(release, { upstreams: [{ retries: 0, ...running.entry }] });
  const { close: closeHub } = stage;
  return Object.assign(stage, {
    running,
    lastAsked: () => running.asked().at(-1) ?? {},
    close: async () => {
      await closeHub();
      await running.close();
    },
  });
}

/** Sets a stage with a hub of these settings. */
export async function setHubStage(release: ReleaseName, settings: Record<string, unknown>): Promise<HubStage> {
  const folder = await mkdtemp(join(tmpdir(), "interactions-hub-"));
  const db = join(folder, "hub.db");
  const start = (): Promise<RunningHub> => startTestHub({ db, ...settings });
  const connect = (hub: RunningHub): Client =>
    releases[release]({ apiKey: "local", httpOptions: { baseUrl: hub.url } });
  let hub = await start();
  const stage: HubStage = {
    client: connect(hub),
    url: () => hub.url,
    stored: (ids) => restarted(() => readStored(db, ids)),
    restart: () => restarted(async () => {}),
    async close() {
      await hub.close();
      await rm(folder, { recursive: true });
    },
  };

  async function restarted<T>(between: () => Promise<T>): Promise<T> {
    await hub.close();
    const value = await between();
    hub = await start();
    stage.client = connect(hub);
    return value;
  }

  return stage;
}

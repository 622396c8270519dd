import { existsSync } from "node:fs";
import { backUp } from "../db/backup.ts";
import { connectToRead } from "../db/connect-to-read.ts";
import { createDriver } from "../db/driver.ts";
import { runningServer } from "../db/file-lock.ts";
import { openDatabase } from "../db/open-database.ts";
import { openStorage } from "../db/storage.ts";
import { createTransferSource } from "../db/transfer/transfer-source.ts";
import { createTransferTarget } from "../db/transfer/transfer-target.ts";
import { refuseUnusable, schemaState } from "../db/upgrade.ts";
import { HubError } from "../schema/core/error.ts";
import type { Tools } from "./commands/tools.ts";
import type { Environment } from "./configuration/running-hub.ts";
import type { Configuration } from "./configuration/schema.ts";

/** Puts together what commands do with a data file by themselves, beside `compose.ts`, which puts together a server. */
export async function openTools(
  { db: file, data, limits }: Pick<Configuration, "db" | "data" | "limits">,
  { nativeBinding }: Pick<Environment, "nativeBinding">,
): Promise<Tools> {
  const driver = createDriver(await nativeBinding?.(data));

  function refuseAbsent(): void {
    if (file === ":memory:") throw refusal("There is no data file: db is :memory:. Name one with --db or --data.");
    if (!existsSync(file)) throw refusal(`There is no data file ${file}. Name another with --db or --data.`);
  }

  return {
    state: () => schemaState(file, driver),
    servedBy: () => runningServer(file, driver),

    quickCheck() {
      refuseAbsent();
      const connection = connectToRead(file, driver);
      try {
        const rows = connection.prepare<[], string>("pragma quick_check(10)").pluck().all();
        return rows.filter((row) => row !== "ok");
      } finally {
        connection.close();
      }
    },

    async backUp(target, progress) {
      refuseAbsent();
      await backUp(driver, file, target, progress);
    },

    migrate() {
      refuseAbsent();
      const database = openDatabase(file, driver);
      database.close();
      return database.upgraded;
    },

    openSource() {
      refuseAbsent();
      const state = schemaState(file, driver);
      refuseUnusable(file, state);
      if (state.file !== "current") {
        throw refusal(
          `${file} is of an earlier schema (${state.applied} of ${state.known}); run interactions-hub migrate first.`,
        );
      }
      return createTransferSource(connectToRead(file, driver));
    },

    openTarget() {
      if (file === ":memory:") throw refusal("There is no data file: db is :memory:. Name one with --db or --data.");
      const mediaBytes = limits.stored_media_bytes;
      return createTransferTarget(openStorage({ driver, file, mediaBytes, lasting: true }), mediaBytes);
    },
  };
}

function refusal(message: string): HubError {
  return new HubError("failed_precondition", message);
}

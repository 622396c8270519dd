import { existsSync } from "node:fs";
import { backUp } from "../db/backup.ts";
import { connectToRead } from "../db/connect-to-read.ts";
import { createDriver, type Driver } from "../db/driver.ts";
import { describeHolder, runningServer } from "../db/file-lock.ts";
import { readMigrations } from "../db/migrations.ts";
import { beginFile } from "../db/new-file.ts";
import { openDatabase } from "../db/open-database.ts";
import { openStorage } from "../db/storage.ts";
import { createTransferSource } from "../db/transfer/transfer-source.ts";
import { createTransferTarget } from "../db/transfer/transfer-target.ts";
import { refuseUnusable, schemaState } from "../db/upgrade.ts";
import { HubError } from "../schema/core/error.ts";
import type { Tools } from "./commands/tools.ts";
import { ConfigurationError } from "./configuration/configuration-error.ts";
import type { Environment } from "./configuration/running-hub.ts";
import type { Configuration } from "./configuration/schema.ts";

/** `changesNothing` keeps the addon of the database from being unpacked into a folder that would have to be made for it. */
export type ToolsOptions = Pick<Environment, "nativeBinding"> & { changesNothing?: boolean };

/** Puts together what commands do with a data file by themselves, beside `compose.ts`, which puts together a server. */
export async function openTools(
  { db: file, data, limits }: Pick<Configuration, "db" | "data" | "limits">,
  { nativeBinding, changesNothing = false }: ToolsOptions,
): Promise<Tools> {
  const isFile = file !== ":memory:";
  let made: Promise<Driver> | undefined;

  /** Made when it is needed: of a file that does not exist, all is known without it. */
  function driver(): Promise<Driver> {
    made ??= makeDriver();
    return made;
  }

  async function makeDriver(): Promise<Driver> {
    if (nativeBinding === undefined) return createDriver();
    if (changesNothing && !existsSync(data)) {
      throw new ConfigurationError(
        `data: the folder ${data} does not exist, and the addon of the database is unpacked into it; make it, or choose another with --data`,
      );
    }
    return createDriver(await nativeBinding(data));
  }

  function refuseMemory(): void {
    if (!isFile) throw refusal("There is no data file: db is :memory:. Name one with --db or --data.");
  }

  function refuseAbsent(): void {
    refuseMemory();
    if (!existsSync(file)) throw refusal(`There is no data file ${file}. Name another with --db or --data.`);
  }

  return {
    async prepare() {
      await driver();
    },

    async state() {
      if (!existsSync(file)) return { file: "absent", applied: 0, known: readMigrations().length };
      return schemaState(file, await driver());
    },

    async heldBy() {
      if (!isFile || !existsSync(file)) return undefined;
      const holder = runningServer(file, await driver());
      if (holder === undefined) return undefined;
      const { url, command = false } = holder;
      return { who: describeHolder(holder), isCommand: command, ...(url === undefined ? {} : { url }) };
    },

    async quickCheck() {
      refuseAbsent();
      const connection = connectToRead(file, await driver());
      try {
        const rows = connection.prepare<[], string>("pragma quick_check(10)").pluck().all();
        return rows.filter((row) => row !== "ok");
      } finally {
        connection.close();
      }
    },

    async backUp(target, progress) {
      refuseAbsent();
      await backUp(await driver(), file, target, progress);
    },

    beginFile,

    async migrate(upgrading) {
      refuseAbsent();
      const database = openDatabase(file, await driver(), upgrading, "command");
      database.close();
      return database.upgraded;
    },

    async openSource() {
      refuseAbsent();
      const state = schemaState(file, await driver());
      refuseUnusable(file, state);
      if (state.file !== "current") {
        throw refusal(
          `${file} is of an earlier schema (${state.applied} of ${state.known}); run interactions-hub migrate first.`,
        );
      }
      return createTransferSource(connectToRead(file, await driver()));
    },

    async openTarget(upgrading) {
      refuseMemory();
      const mediaBytes = limits.stored_media_bytes;
      const about = { driver: await driver(), file, mediaBytes, lasting: true, upgrading, heldBy: "command" } as const;
      return createTransferTarget(openStorage(about), mediaBytes);
    },
  };
}

function refusal(message: string): HubError {
  return new HubError("failed_precondition", message);
}

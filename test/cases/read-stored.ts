import { createDriver } from "../../db/driver.ts";
import { openSqliteStore } from "../../db/sqlite-store.ts";
import type { Interaction } from "../../schema/core/interaction.ts";

/** Interactions as they stand in a hub's file, with what no front shows yet: whom they were asked of, and what was degraded. */
export async function readStored(file: string, ids: readonly string[]): Promise<Interaction[]> {
  const store = openSqliteStore({ driver: createDriver(), file, mediaBytes: 1 << 20, lasting: true });
  try {
    const found = await Promise.all(ids.map((id) => store.find(id)));
    return found.flatMap((interaction) => interaction ?? []);
  } finally {
    await store.close();
  }
}

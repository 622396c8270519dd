import type { Sizes } from "../../db/archive/sizes.ts";
import { createSqliteArchive } from "../../db/archive/sqlite-archive.ts";
import { createDriver } from "../../db/driver.ts";
import { createSqliteStore } from "../../db/sqlite-store.ts";
import { openStorage } from "../../db/storage.ts";
import type { Store } from "../../db/store.ts";
import { type InteractionHead, MOST_RANKED, type Page, type SearchHit } from "../../schema/archive.ts";
import type { Interaction } from "../../schema/core/interaction.ts";
import type { Step } from "../../schema/core/step.ts";
import { begunAs, logFrom, mediaLimit } from "../cases/store.ts";

/** So little at once that small stores too are walked in stretches, and looked up in every way there is. */
export const little: Sizes = {
  few: 0,
  many: 2,
  patience: 1,
  firstStretch: 1,
  longestStretch: 3,
  chunk: 2,
  sparseness: 2,
  ranked: MOST_RANKED,
  rankedCharacters: 1 << 20,
  searchStretch: 3,
};

/** A store and its archive on one database, and what is beneath them. */
export function openArchive(file = ":memory:", sizes?: Sizes) {
  const storage = openStorage({ driver: createDriver(), file, mediaBytes: mediaLimit, lasting: true });
  return { storage, store: createSqliteStore(storage), archive: createSqliteArchive(storage, sizes) };
}

/** Stores an interaction that has ended at once, with what was asked and what was answered. */
export async function storeSaid(
  store: Store,
  name: string,
  said: { asked?: string; answered?: string; output?: Step[] },
  overrides: Partial<Interaction> = {},
): Promise<Interaction> {
  const { asked = "Hello", answered, output } = said;
  const begun = begunAs(name, {
    input: [{ type: "user_input", content: [{ type: "text", text: asked }] }],
    ...overrides,
  });
  await store.insert(begun, logFrom(1, { type: "status", status: "in_progress" }));
  const answer: Step[] =
    output ?? (answered === undefined ? [] : [{ type: "model_output", content: [{ type: "text", text: answered }] }]);
  const ended: Interaction = { ...begun, status: "completed", output: answer, ...overrides };
  await store.finish(ended, logFrom(2, { type: "finish", status: "completed" }));
  return ended;
}

export function idsOf(page: Page<InteractionHead>): string[] {
  return page.edges.map(({ node }) => node.id);
}

export function foundIn(page: Page<SearchHit>): string[] {
  return page.edges.map(({ node }) => node.interaction.id);
}

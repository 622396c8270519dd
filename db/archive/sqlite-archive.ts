import { type Archive, MOST_RANKED } from "../../schema/archive.ts";
import type { Storage } from "../storage.ts";
import { createToolUsage } from "./aggregate-tools.ts";
import { createUsage } from "./aggregate-usage.ts";
import { createAsk } from "./ask.ts";
import { countInteractions } from "./count-interactions.ts";
import { createLineage } from "./lineage.ts";
import { listInteractions } from "./list-interactions.ts";
import { createMatches } from "./matches.ts";
import { createReadChanges } from "./read-changes.ts";
import { createReadHeads } from "./read-heads.ts";
import { createReadLogs } from "./read-logs.ts";
import { createReadMedia } from "./read-media.ts";
import { createScratchIndex } from "./scratch-index.ts";
import { createSearch } from "./search-steps.ts";
import { createSelection } from "./selection.ts";
import type { Sizes } from "./sizes.ts";
import { createTextQueries } from "./text-queries.ts";

const usual: Sizes = {
  few: 2000,
  many: 150_000,
  patience: 8,
  firstStretch: 500,
  longestStretch: 8000,
  chunk: 512,
  sparseness: 20,
  ranked: MOST_RANKED,
  rankedCharacters: 1 << 21,
  searchStretch: 20_000,
};

/** The archive of what a store keeps: both use one database. It ends with the store. */
export function createSqliteArchive(storage: Storage, sizes: Sizes = usual): Archive {
  const { driver, database, commits, writer, texts, changed } = storage;
  const { connection } = database;
  const ask = createAsk(connection);
  const heads = createReadHeads(ask);
  const scratch = createScratchIndex(driver);
  const matches = createMatches({ ask, scratch, sizes });
  const queries = createTextQueries(connection, scratch);
  const selection = createSelection({ ask, matches, sizes }, queries.compile);
  const parts = { ask, heads, matches, selection, sizes };
  const lineage = createLineage(parts);
  const logs = createReadLogs(ask);
  const media = createReadMedia(connection, storage.media);
  const usage = createUsage(parts);
  const tools = createToolUsage(parts);
  const search = createSearch(parts);
  const changes = createReadChanges(parts);

  /** What is stored is indexed a little later, but before anybody looks for it. */
  async function indexed(text: string | undefined): Promise<void> {
    while (text !== undefined && texts.isBehind()) await commits.write(texts.advance);
  }

  return {
    async list(filter, order, page) {
      await indexed(filter.text);
      return listInteractions(parts, filter, order, page);
    },
    async count(filter) {
      await indexed(filter.text);
      return countInteractions({ selection, usage }, filter);
    },
    async heads(ids) {
      const found = heads.byIds(ids);
      return ids.map((id) => found.get(id));
    },
    steps: async (ids) => logs.steps(ids),
    events: async (ids, after, limit) => logs.events(ids, after, limit),
    children: async (ids, page) => lineage.following("children", ids, page),
    chains: async (ids, limit) => lineage.chains(ids, limit),
    descendants: async (ids, page) => lineage.following("descendants", ids, page),
    chain_usage: async (ids) => lineage.chainUsage(ids),
    async search(request, page) {
      await indexed(request.text);
      return search(queries.compile(request.text), request, page);
    },
    async usage(filter, groups, label) {
      await indexed(filter.text);
      return usage(filter, groups, label);
    },
    async tools(filter) {
      await indexed(filter.text);
      return tools(filter);
    },
    async set_labels(id, labels) {
      const head = await commits.write(() => writer.setLabels(id, labels));
      if (head !== undefined) changed.ring();
      return head;
    },
    media: async (sha256) => media(sha256),
    next_change: () => changed.take(),
    latest_change: async () => changes.latest(),
    async changed_since(cursor, filter, limit) {
      await indexed(filter.text);
      return changes.since(cursor, filter, limit);
    },
  };
}

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createDriver } from "../../db/driver.ts";
import { openStorage } from "../../db/storage.ts";
import { fillStore, type StoreFacts } from "./fill-store.ts";
import type { StoreSize } from "./plan-chains.ts";

/** A generated store; `took` is absent if it was there already. */
export type BuiltStore = { file: string; facts: StoreFacts; took?: { seconds: number; cpuSeconds: number } };

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const folder = join(tmpdir(), "interactions-hub-bench-stores");

/** Interactions between two lines about how far it is. */
const REPORT_EVERY = 100_000;

/**
 * The store of this size. It is built once, and again when the code that writes it or the text of its interactions has
 * changed: its name has a hash of that. Nothing but the newest one of a size is kept.
 */
export async function builtStore(size: StoreSize, report: (line: string) => void): Promise<BuiltStore> {
  const name = `${size.interactions}-${stamp()}`;
  const [file, factsFile] = [join(folder, `${name}.db`), join(folder, `${name}.json`)];
  if (existsSync(factsFile)) return { file, facts: JSON.parse(readFileSync(factsFile, "utf8")) };

  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder)) if (old.startsWith(`${size.interactions}-`)) rmSync(join(folder, old));
  const unfinished = join(folder, `${size.interactions}-unfinished.db`);
  const start = performance.now();
  const startUsage = process.cpuUsage();
  const facts = await build(unfinished, size, (written) => {
    if (written % REPORT_EVERY !== 0) return;
    const [done, all] = [written, size.interactions].map((count) => count.toLocaleString("en"));
    report(`building the store: ${done} of ${all} interactions, ${secondsSince(start).toFixed(0)} s`);
  });
  renameSync(unfinished, file);
  // The last thing that is written: a store without it is not whole.
  writeFileSync(factsFile, JSON.stringify(facts));
  const { user, system } = process.cpuUsage(startUsage);
  return { file, facts, took: { seconds: secondsSince(start), cpuSeconds: (user + system) / 1e6 } };
}

async function build(file: string, size: StoreSize, progress: (written: number) => void): Promise<StoreFacts> {
  const storage = openStorage({ driver: createDriver(), file, mediaBytes: 0, lasting: true });
  try {
    // A file that a power cut spoils is built again.
    storage.database.connection.pragma("synchronous = OFF");
    storage.database.connection.pragma("cache_size = -400000");
    return await fillStore(storage, size, progress);
  } finally {
    storage.database.close();
  }
}

/** A hash of everything that decides what the file holds. */
function stamp(): string {
  const hash = createHash("sha256");
  for (const path of ["db", "migrations", "bench/graphql"]) {
    const names = readdirSync(join(root, path)).filter((name) => /\.(?:ts|sql)$/.test(name));
    const chosen = path === "bench/graphql" ? names.filter((name) => generators.has(name)) : names;
    for (const name of chosen.sort()) hash.update(readFileSync(join(root, path, name)));
  }
  return hash.digest("hex").slice(0, 12);
}

const generators = new Set([
  "fill-store.ts",
  "generated-chain.ts",
  "plan-chains.ts",
  "seeded-random.ts",
  "vocabulary.ts",
]);

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}

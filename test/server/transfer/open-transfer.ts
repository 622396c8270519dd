import { createHash } from "node:crypto";
import { createDriver } from "../../../db/driver.ts";
import { createSqliteStore } from "../../../db/sqlite-store.ts";
import { openStorage, type Storage } from "../../../db/storage.ts";
import type { Store } from "../../../db/store.ts";
import { createTransferSource } from "../../../db/transfer/transfer-source.ts";
import { createTransferTarget } from "../../../db/transfer/transfer-target.ts";
import type { TransferSelection } from "../../../schema/transfer.ts";
import { type ExportSummary, exportChains } from "../../../server/transfer/export-chains.ts";
import type { ImportSummary } from "../../../server/transfer/file-import.ts";
import { type ImportOptions, importChains } from "../../../server/transfer/import-chains.ts";

const driver = createDriver();

/** Media that the stores of these tests keep, in bytes: some of them come in pieces. */
export const mediaBytes = 1 << 20;

export function openFile(file: string): { storage: Storage; store: Store } {
  const storage = openStorage({ driver, file, mediaBytes, lasting: true });
  return { storage, store: createSqliteStore(storage) };
}

/** Writes into a file, and closes it. */
export async function fill(file: string, write: (store: Store) => Promise<void>): Promise<void> {
  const { store } = openFile(file);
  try {
    await write(store);
  } finally {
    await store.close();
  }
}

/** An export of a file, which may be in use. */
export async function exportOf(
  file: string,
  selection: TransferSelection = { kind: "everything" },
): Promise<{ bytes: Buffer; summary: ExportSummary }> {
  const source = createTransferSource(driver.connect(file, { readonly: true, fileMustExist: true }));
  const chunks: Uint8Array[] = [];
  try {
    const summary = await exportChains(source, selection, async (chunk) => void chunks.push(chunk));
    return { bytes: Buffer.concat(chunks), summary };
  } finally {
    source.close();
  }
}

export type TestImport = Partial<ImportOptions> & { mediaBytes?: number; chunk?: number };

/** Imports into a file, which is made where there is none. */
export async function importInto(file: string, bytes: Uint8Array, given: TestImport = {}): Promise<ImportSummary> {
  const { mediaBytes: most = mediaBytes, chunk = 1000, ...options } = given;
  const target = createTransferTarget(openFile(file).storage, most);
  try {
    return await importChains(() => chunksOf(bytes, chunk), target, {
      ids: "keep",
      existing: "refuse",
      random: (count) => new Uint8Array(count).fill(7),
      ...options,
    });
  } finally {
    target.close();
  }
}

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, void> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

/** What is in the tables, but for what counts changes and arrivals, which is each store's own. */
export function contentOf(file: string): Record<string, unknown[]> {
  const connection = driver.connect(file, { readonly: true, fileMustExist: true });
  const all = (sql: string) => connection.prepare(sql).all();
  const by = "join interactions i on i.key = t.interaction";
  try {
    return {
      interactions: all("select * from interactions order by key").map((row) => {
        const { key: _key, change: _change, ...rest } = row as { key: number; change: number };
        return rest;
      }),
      steps: all(
        `select i.id, side, "index", turn, type, tool, call_id, text, body from steps t ${by} order by i.key, side, "index"`,
      ),
      events: all(`select i.id, sequence, at, body from events t ${by} order by i.key, sequence`),
      uses: all(`select i.id, sha256, mime_type from blob_uses t ${by} order by i.key, sha256`),
      blobs: all("select sha256, size, hex(bytes) as bytes from blobs order by sha256"),
      pieces: all("select sha256, place, hex(bytes) as bytes from blob_pieces order by sha256, place"),
      labels: all(`select i.id, t.key, t.value from labels t ${by} order by i.key, t.key`),
      tools: all(`select i.id, tool, name, calls, results, failures from tool_uses t ${by} order by i.key, tool, name`),
      usage: all("select * from usage_by_day"),
    };
  } finally {
    connection.close();
  }
}

export type JsonLine = { type: string; [member: string]: unknown };

/** The lines of an export, parsed. */
export function linesOf(bytes: Uint8Array): JsonLine[] {
  return Buffer.from(bytes)
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/**
 * The file that has these lines, with the counts and hashes that fit them: what a forger would make. Those that are given as
 * text stand there as they are.
 */
export function fileOf(lines: readonly (JsonLine | string)[]): Buffer {
  const all = createHash("sha256");
  let section = createHash("sha256");
  const counts = { interaction: 0, step: 0, event: 0, media: 0 };
  let begun = { ...counts };
  const written: string[] = [];
  for (const given of lines) {
    const type = typeof given === "string" ? (/^\{"type":"(\w+)"/.exec(given)?.[1] ?? "") : given.type;
    if (type === "interaction") {
      section = createHash("sha256");
      begun = { ...counts };
    }
    if (Object.hasOwn(counts, type)) counts[type as keyof typeof counts] += 1;
    let line = given;
    if (typeof line !== "string" && type === "close") {
      const [steps, events] = [counts.step - begun.step, counts.event - begun.event];
      line = { ...line, steps, events, sha256: section.copy().digest("hex") };
    }
    if (typeof line !== "string" && type === "end") {
      const { interaction: interactions, step: steps, event: events, media } = counts;
      line = { type, interactions, steps, events, media, sha256: all.copy().digest("hex") };
    }
    const text = `${typeof line === "string" ? line : JSON.stringify(line)}\n`;
    all.update(text);
    if (type !== "close") section.update(text);
    written.push(text);
  }
  return Buffer.from(written.join(""));
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTransferTarget } from "../../../db/transfer/transfer-target.ts";
import { HubError } from "../../../schema/core/error.ts";
import { importChains } from "../../../server/transfer/import-chains.ts";
import { exportOf, fileOf, fill, type JsonLine, linesOf, mediaBytes, openFile } from "./open-transfer.ts";
import { fillVaried } from "./varied-store.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-transfer-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Holder = Record<string, unknown> | unknown[];

/** Every place of a value within another. */
function placesIn(value: unknown): [Holder, string | number][] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Holder;
  const names = Array.isArray(holder) ? [...holder.keys()] : Object.keys(holder);
  return names.flatMap((name): [Holder, string | number][] => [[holder, name], ...placesIn(Reflect.get(holder, name))]);
}

const kinds = ["interaction", "step", "event", "media", "piece", "close", "header"];
const other = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(-1, 1e21, 0.5, "", "v1_", null, [], {}, "__proto__", "a".repeat(64), "\ud800", "\0"),
);
type Forgery = { kind: string; line: number; place: number; value: unknown; isGone: boolean };
const forgery: fc.Arbitrary<Forgery> = fc.record({
  kind: fc.constantFrom(...kinds),
  line: fc.nat(),
  place: fc.nat(),
  value: other,
  isGone: fc.boolean(),
});

test("whatever stands in place of any value of a file, with hashes that fit, is imported or refused at its line, and never half", async () => {
  const [source, file] = [join(folder, "source.db"), join(folder, "target.db")];
  await fill(source, fillVaried);
  const lines = linesOf((await exportOf(source)).bytes);
  const { storage } = openFile(file);
  const target = createTransferTarget(storage, mediaBytes);
  const count = storage.database.connection.prepare("select count(*) from interactions").pluck();
  const outcomes = { imported: 0, refused: 0 };
  let seed = 0;

  function forged({ kind, line, place, value, isGone }: Forgery): Buffer {
    const numbers = [...lines.keys()].filter((number) => lines[number]?.type === kind);
    const number = numbers[line % numbers.length] ?? 0;
    const changed: JsonLine = structuredClone(lines[number] ?? { type: kind });
    const places = placesIn(changed);
    const [holder, name] = places[place % places.length] ?? [changed, "type"];
    if (isGone && !Array.isArray(holder)) Reflect.deleteProperty(holder, name);
    else Reflect.set(holder, name, value);
    // What has no type is no line of which a forger could know what it does to the hashes.
    return fileOf(lines.with(number, typeof changed.type === "string" ? changed : { ...changed, type: "none" }));
  }

  await fc.assert(
    fc.asyncProperty(forgery, async (drawn) => {
      async function* chunks() {
        yield forged(drawn);
      }
      seed += 1;
      const random = (length: number) => new Uint8Array(length).map((_, index) => (seed >> ((index % 4) * 8)) & 255);
      const before = Number(count.get());
      try {
        const { interactions } = await importChains(chunks, target, { ids: "new", existing: "refuse", random });
        outcomes.imported += 1;
        expect(Number(count.get())).toBe(before + interactions);
      } catch (error) {
        if (!(error instanceof HubError)) throw error;
        outcomes.refused += 1;
        expect(error.message).toMatch(/^line \d+: /);
        expect(Number(count.get())).toBe(before);
      }
    }),
    { numRuns: 200 },
  );
  target.close();
  expect(outcomes.refused).toBeGreaterThan(60);
  // Whatever was taken is as sound as what the hub writes itself.
  expect((await exportOf(file)).summary).toMatchObject({ unsound: 0 });
}, 120_000);

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { archiveSuite } from "../cases/archive.ts";
import { little, openArchive } from "./open-archive.ts";

let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-archive-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

archiveSuite(
  "in a file",
  () => {
    files += 1;
    return openArchive(join(folder, `${files}.db`));
  },
  15,
);
archiveSuite("in memory", () => openArchive());
archiveSuite("that reads little at once", () => openArchive(":memory:", little));
archiveSuite("that reads little at once and sorts what is few", () => openArchive(":memory:", { ...little, few: 3 }));

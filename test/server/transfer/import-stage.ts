import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import {
  contentOf,
  exportOf,
  fileOf,
  fill,
  importInto,
  type JsonLine,
  linesOf,
  type TestImport,
} from "./open-transfer.ts";
import { begunAt, idAt, keep, whole } from "./varied-store.ts";

const image = { type: "image" as const, mime_type: "image/png", data: Buffer.alloc(300_000, 4).toString("base64") };
const end = { type: "finish" as const, status: "completed" as const };

/** What the interactions of the stage's export are called in messages. */
export const first = `interactions/${idAt(1000)}`;
export const second = `interactions/${idAt(2000, 1000)}`;

export type ImportStage = {
  folder: string;
  /** A file in which something is stored. */
  file: string;
  /** An export of an image that is answered, and of what goes on from it, which has 18 lines. */
  lines: JsonLine[];
  text: string;
  /** Imports what is wrong; gives the message, once it is sure that nothing has changed. */
  refusal(bytes: Uint8Array, options?: TestImport): Promise<string>;
  /** The export with its first line of a type changed, and with hashes and counts that fit. */
  changed(type: string, change: (line: JsonLine) => JsonLine | string | readonly (JsonLine | string)[]): Buffer;
  /** The export with its text changed and nothing else. */
  altered(change: (text: string) => string): Buffer;
};

/** A file to import into, anew for each test. */
export function setImportStage(): () => ImportStage {
  let stage: ImportStage;

  beforeEach(async () => {
    const folder = mkdtempSync(join(tmpdir(), "hub-transfer-"));
    const [source, file] = [join(folder, "source.db"), join(folder, "target.db")];
    await fill(source, async (store) => {
      const said = [{ type: "user_input" as const, content: [image] }];
      await keep(store, begunAt(1000, { input: said }), whole([{ type: "model_output", content: [] }]), end);
      const next = { id: idAt(2000, 1000), root_id: idAt(1000), previous_id: idAt(1000) };
      await keep(store, begunAt(2000, next), [], end);
    });
    const lines = linesOf((await exportOf(source)).bytes);
    await fill(file, (store) => keep(store, begunAt(7777), [], end));
    const before = contentOf(file);
    const text = `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`;
    stage = {
      folder,
      file,
      lines,
      text,
      async refusal(bytes, options) {
        const error = await importInto(file, bytes, options).then(
          () => undefined,
          (reason) => reason,
        );
        expect(error).toMatchObject({ name: "HubError" });
        expect(contentOf(file)).toEqual(before);
        return error.message;
      },
      changed(type, change) {
        const place = lines.findIndex((line) => line.type === type);
        return fileOf(lines.flatMap((line, index) => (index === place ? change(line) : line)));
      },
      altered: (change) => Buffer.from(change(text)),
    };
  });
  afterEach(() => rmSync(stage.folder, { recursive: true, force: true }));

  return () => stage;
}

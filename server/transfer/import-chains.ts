import type { TerminalStatus } from "../../schema/core/interaction.ts";
import { MOST_LINE_BYTES } from "../../schema/transfer/records.ts";
import type { TransferTarget } from "../../schema/transfer.ts";
import { FileImport, type ImportSummary } from "./file-import.ts";
import { createOtherIds } from "./other-ids.ts";
import { readLines } from "./read-lines.ts";
import { located, wrong } from "./wrong-file.ts";

export type ImportOptions = {
  /** Whether interactions get other ids. Links within the file are kept; those to what is not in it stay as they are. */
  ids: "keep" | "new";
  /** Whether an interaction that is stored already ends the import, or is skipped and stays as it is. */
  existing: "refuse" | "skip";
  random(bytes: number): Uint8Array;
  /** Whether what ended in a status at a time would be forgotten at the next sweep. */
  hasOutlived?(status: TerminalStatus, updatedAt: number): boolean;
};

/** Told after each stretch of the file: bytes that were read, and interactions so far, with those that are skipped. */
export type ImportProgress = (done: { bytes: number; interactions: number }) => void;

/**
 * Reads an export and writes what it holds, in one pass: everything is written in one transaction, which is committed only once
 * the last line has been checked. So a file that is wrong anywhere, a kill or a full disk change nothing, and the file neither
 * has to be read twice nor can change in between. Rejects with a `HubError` whose message begins with the line:
 * `invalid_request` for a file that is wrong, `failed_precondition` for one that does not go with what is stored,
 * `request_too_large` for media over the limit; or `storage_full`.
 */
export async function importChains(
  chunks: () => AsyncIterable<Uint8Array>,
  target: TransferTarget,
  options: ImportOptions,
  progress: ImportProgress = () => {},
): Promise<ImportSummary> {
  const { ids, random, ...others } = options;
  const otherId = ids === "new" ? createOtherIds(random) : undefined;
  return target.write(async (writing) => {
    const file = new FileImport(writing, { ...others, otherId, mediaBytes: target.mediaBytes });
    let bytes = 0;
    let last = 0;
    for await (const lines of readLines(chunks(), MOST_LINE_BYTES)) {
      for (const line of lines) {
        try {
          const added = file.add(line);
          // Logs are long: nobody waits where there is nothing to wait for.
          if (added !== undefined) await added;
        } catch (error) {
          throw located(error, line.number);
        }
        bytes += line.bytes.length;
        last = line.number;
      }
      progress({ bytes, interactions: file.summary.interactions + file.summary.skipped });
    }
    if (last === 0) throw wrong("line 1: the file is empty.");
    if (!file.isEnded) throw wrong(`line ${last + 1}: the file stops before its end; it is truncated.`);
    return file.summary;
  });
}

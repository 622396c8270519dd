import { HubError } from "../../schema/core/error.ts";
import type { StoredInteraction, TransferSelection, TransferSource } from "../../schema/transfer.ts";
import { checkMedia } from "./check-media.ts";
import { type CheckedLines, checkedLines } from "./checked-lines.ts";
import { closeLine, endLine, headerLine, mediaLine, pieceLine } from "./export-lines.ts";
import { type ExportSink, LineWriter } from "./line-writer.ts";

/** How many of those that were left out are named. */
const MOST_NAMED = 100;

/** What an export holds, and what it leaves out: what still ran, and what no import would take. */
export type ExportSummary = {
  interactions: number;
  steps: number;
  events: number;
  media: number;
  bytes: number;
  /** The hash that the last line tells: of all lines before it. */
  sha256: string;
  unfinished: number;
  unsound: number;
  /** The first of those that are unsound, and why. */
  reasons: { id: string; reason: string }[];
};

/** Told after each interaction. */
export type ExportProgress = (done: Pick<ExportSummary, "interactions" | "bytes">) => void;

/**
 * Writes what is selected as an export, in the order of arrival. Each interaction is checked before it is written, just as
 * an import would: one that does not pass is left out and told, since a file with it could not be imported at all. What is held
 * meanwhile are the steps of one interaction, and a hash for each medium that was written.
 */
export async function exportChains(
  source: TransferSource,
  selection: TransferSelection,
  sink: ExportSink,
  progress: ExportProgress = () => {},
): Promise<ExportSummary> {
  const lines = new LineWriter(sink);
  const written = new Set<string>();
  const counts = { interactions: 0, steps: 0, events: 0, media: 0 };
  const left: Pick<ExportSummary, "unsound" | "reasons"> = { unsound: 0, reasons: [] };

  async function writeMedia(sha256: string): Promise<void> {
    const { size, pieces } = await source.media(sha256);
    await lines.write(mediaLine(sha256, size));
    for await (const piece of pieces()) await lines.write(pieceLine(piece));
    written.add(sha256);
    counts.media += 1;
  }

  async function writeInteraction(id: string, checked: CheckedLines): Promise<void> {
    for (const sha256 of checked.media) if (!written.has(sha256)) await writeMedia(sha256);
    lines.begin();
    for await (const line of checked.lines) {
      const full = lines.write(line);
      if (full !== undefined) await full;
    }
    const { steps, events } = checked;
    await lines.write(closeLine({ id, steps, events, sha256: lines.endSection() }));
    counts.interactions += 1;
    counts.steps += steps;
    counts.events += events;
  }

  /** The lines of an interaction, or why an import would not take them. */
  async function soundLines(stored: StoredInteraction): Promise<CheckedLines | string> {
    try {
      const checked = await checkedLines(stored);
      for (const sha256 of checked.media) if (!written.has(sha256)) await checkMedia(source, sha256);
      return checked;
    } catch (error) {
      if (error instanceof HubError) return error.message;
      throw error;
    }
  }

  await lines.write(headerLine());
  for await (const stored of source.finished(selection)) {
    const checked = await soundLines(stored);
    if (typeof checked !== "string") await writeInteraction(stored.id, checked);
    else {
      left.unsound += 1;
      if (left.reasons.length < MOST_NAMED) left.reasons.push({ id: stored.id, reason: checked });
    }
    progress({ interactions: counts.interactions, bytes: lines.bytes });
  }
  const sha256 = lines.end();
  await lines.write(endLine({ ...counts, sha256 }));
  await lines.flush();
  return { ...counts, bytes: lines.bytes, sha256, unfinished: await source.unfinished(selection), ...left };
}

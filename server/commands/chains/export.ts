import type { TransferSelection } from "../../../schema/transfer.ts";
import { loadConfiguration } from "../../configuration/load-configuration.ts";
import { type ExportSummary, exportChains } from "../../transfer/export-chains.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import { exitCodes } from "../exit-codes.ts";
import { givenFlags } from "../given-flags.ts";
import { usageError } from "../parser/usage-error.ts";
import { stopCheck } from "../stop-check.ts";
import { jsonLine } from "../terminal/json-line.ts";
import { createProgress } from "../terminal/progress.ts";
import type { FileState, Tools } from "../tools.ts";
import { amount } from "../transcript/amount.ts";
import { sizeText } from "../transcript/media-line.ts";
import { writeNewFile } from "../write-new-file.ts";
import { type FilterFlags, readFilter } from "./read-filter.ts";

export type ExportFlags = FilterFlags & { output?: string; only?: "ancestors" };

/** Writes chains into a file or to standard output. What it says of that goes to standard error, unless a file is written. */
export async function exportToFile(
  context: CommandContext,
  flags: ExportFlags,
  ids: readonly string[],
): Promise<number> {
  const { outside, settings, json, quiet } = context;
  const { output: file } = flags;
  const selection = selectionOf(flags, ids, outside.now());
  if (file === undefined && outside.output.isTerminal) {
    throw usageError("chains export writes what programs read: name a file with --output, or pipe it");
  }
  const configuration = await loadConfiguration(settings, outside.env, outside.readFile);
  const tools = await outside.openTools(configuration);
  refuseOlder(await tools.state(), configuration.db, context);
  const source = await tools.openSource();
  const progress = createProgress(outside, quiet);
  const check = file === undefined ? () => {} : stopCheck(outside, "the export");
  const write = (sink: (bytes: Uint8Array) => Promise<void>) =>
    exportChains(source, selection, sink, ({ interactions, bytes }) => {
      check();
      progress.show(`exporting: ${interactions} interactions, ${sizeText(bytes)}`);
    });
  let summary: ExportSummary;
  try {
    summary = await (file === undefined
      ? write((bytes) => outside.output.write(bytes))
      : writeNewFile(tools.beginFile(file), write));
  } finally {
    await progress.end();
    source.close();
  }
  const told = file === undefined ? outside.errors : outside.output;
  if (json) await told.write(jsonLine({ file: file ?? null, ...summary }));
  else await outside.errors.write(textOf(summary, quiet, await isHeld(tools)));
  return summary.unsound === 0 ? exitCodes.done.code : exitCodes.failed.code;
}

/** Where this user may not look whether somebody has the file, somebody may. */
function isHeld(tools: Tools): Promise<boolean> {
  return tools.heldBy().then(
    (holder) => holder !== undefined,
    () => true,
  );
}

/** Nothing that only reads a file upgrades it. */
function refuseOlder({ file, applied, known }: FileState, db: string, context: CommandContext): void {
  if (file !== "older") return;
  const advice = `run interactions-hub migrate${givenFlags(context)} first`;
  throw new CommandFailure(`${db} is of an earlier schema (${applied} of ${known}); ${advice}`);
}

function selectionOf({ only, ...flags }: ExportFlags, ids: readonly string[], now: number): TransferSelection {
  const filter = readFilter(flags, now);
  const isFiltered = Object.keys(filter).length > 0;
  if (ids.length > 0 && isFiltered) throw usageError("chains export takes ids or filters, not both");
  if (only !== undefined && ids.length === 0) throw usageError("--only needs ids");
  if (ids.length > 0) return { kind: "chains", ids, ...(only === undefined ? {} : { only }) };
  return isFiltered ? { kind: "matching", filter } : { kind: "everything" };
}

function textOf(
  { interactions, media, bytes, unfinished, unsound, reasons }: ExportSummary,
  quiet: boolean,
  mayRun: boolean,
): string {
  const lines = quiet
    ? []
    : [`exported ${amount(interactions, "interaction")} and ${media} media (${sizeText(bytes)})`];
  if (unfinished > 0) {
    // Where nobody has the file, nothing runs.
    const what = mayRun
      ? "still run; export them once they have ended"
      : "were cut off; the next start of the hub goes on with them, or ends them";
    lines.push(`left out ${unfinished} that ${what}`);
  }
  if (unsound > 0) lines.push(`interactions-hub: left out ${unsound} that no hub could import:`);
  for (const { id, reason } of reasons) lines.push(`  ${id}: ${reason}`);
  return lines.map((line) => `${line}\n`).join("");
}

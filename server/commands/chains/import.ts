import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { HubError } from "../../../schema/core/error.ts";
import type { TerminalStatus } from "../../../schema/core/interaction.ts";
import { prepareDataFolder } from "../../configuration/data-folder.ts";
import { loadConfiguration } from "../../configuration/load-configuration.ts";
import { type ImportOptions, importChains } from "../../transfer/import-chains.ts";
import { awaitFile, refuseServed } from "../await-file.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import { jsonLine } from "../terminal/json-line.ts";
import { createProgress } from "../terminal/progress.ts";
import { amount } from "../transcript/amount.ts";
import { sizeText } from "../transcript/media-line.ts";
import { upgradingNotice } from "../upgrading-notice.ts";

export type ImportFlags = Partial<Pick<ImportOptions, "ids" | "existing">>;

/** Reads an export from a file or from standard input into the data file, which nobody may be serving. */
export async function importFromFile(
  context: CommandContext,
  flags: ImportFlags,
  [file = ""]: readonly string[],
): Promise<number> {
  const { outside, settings, json, quiet } = context;
  const configuration = await loadConfiguration(settings, outside.env, outside.readFile);
  const total = file === "-" ? undefined : await sizeOf(file);
  await prepareDataFolder(configuration);
  const tools = await outside.openTools(configuration);
  const target = await awaitFile(tools, configuration.db, async (serving) => {
    refuseServed(serving, configuration.db, "an import");
    return tools.openTarget(upgradingNotice(context, configuration.db));
  });
  const progress = createProgress(outside, quiet);
  const { retention } = configuration;
  const hasOutlived = (status: TerminalStatus, updatedAt: number): boolean => {
    const kept = retention[status];
    return kept !== null && updatedAt < outside.now() - kept;
  };
  try {
    const { ids = "keep", existing = "refuse" } = flags;
    const chunks = () => (file === "-" ? outside.input.pieces() : createReadStream(file));
    const summary = await importChains(
      chunks,
      target,
      { ids, existing, random: outside.random, hasOutlived },
      ({ bytes, interactions }) => {
        progress.show(
          `importing: ${interactions} interactions, ${sizeText(bytes)}${total === undefined ? "" : ` of ${sizeText(total)}`}`,
        );
      },
    );
    await progress.end();
    const { interactions, skipped, media, orphans, outlived } = summary;
    const lines = [
      `imported ${amount(interactions, "interaction")} and ${media} media${skipped === 0 ? "" : `; ${skipped} were there already`}`,
      ...(orphans === 0 ? [] : [`${orphans} go on from interactions that are not stored; nobody can go on from them`]),
      ...(outlived === 0
        ? []
        : [`${outlived} are older than the retention keeps; the next sweep of a hub forgets them`]),
    ];
    if (json) await outside.output.write(jsonLine(summary));
    else if (!quiet) await outside.errors.write(lines.map((line) => `${line}\n`).join(""));
    return 0;
  } catch (error) {
    throw inFile(error, file === "-" ? "standard input" : file);
  } finally {
    await progress.end();
    target.close();
  }
}

/** What is wrong with a line is told with the file that has it. */
function inFile(error: unknown, file: string): unknown {
  if (!(error instanceof HubError) || !error.message.startsWith("line ")) return error;
  return new HubError(error.code, `${file}: ${error.message}`, { cause: error.cause });
}

async function sizeOf(file: string): Promise<number> {
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw new CommandFailure(`${file} is a folder; name the file of an export`);
    return found.size;
  } catch (cause) {
    if (cause instanceof CommandFailure) throw cause;
    throw new CommandFailure(`cannot read ${file} (${cause instanceof Error ? cause.message : cause})`, { cause });
  }
}

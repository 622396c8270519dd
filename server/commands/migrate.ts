import { loadConfiguration } from "../configuration/load-configuration.ts";
import { awaitFile, refuseServed } from "./await-file.ts";
import type { CommandContext } from "./command-context.ts";
import { exitCodes } from "./exit-codes.ts";
import { givenFlags } from "./given-flags.ts";
import { jsonLine } from "./terminal/json-line.ts";
import type { FileState } from "./tools.ts";
import { upgradingNotice } from "./upgrading-notice.ts";

/** Brings the data file to the schema of this version, or with `--check` only says whether that is due. */
export async function migrate(context: CommandContext, { check = false }: { check?: boolean }): Promise<number> {
  const { outside, settings, json, quiet } = context;
  const configuration = await loadConfiguration(settings, outside.env, outside.readFile);
  const { db } = configuration;
  const tools = await outside.openTools(configuration, { changesNothing: check });
  if (check) {
    const state = await tools.state();
    if (json) await outside.output.write(jsonLine({ db, ...state }));
    else if (!quiet) await outside.output.write(`${db} ${stateText(state, givenFlags(context))}\n`);
    return state.file === "current" || state.file === "absent" ? exitCodes.done.code : exitCodes.failed.code;
  }
  const upgraded = await awaitFile(tools, db, async (serving) => {
    refuseServed(serving, db, "a migration");
    return tools.migrate(upgradingNotice(context, db));
  });
  const { from, to, kept } = upgraded ?? {};
  const text =
    upgraded === undefined
      ? "is up to date"
      : `upgraded from schema ${from} to ${to}; as it was, it is kept as ${kept}`;
  if (json) await outside.output.write(jsonLine({ db, upgraded: upgraded ?? null }));
  else if (!quiet) await outside.output.write(`${db} ${text}\n`);
  return exitCodes.done.code;
}

/** What a data file is to this version, in words that follow its name. `flags` are those that another command needs. */
export function stateText({ file, applied, known }: FileState, flags: string): string {
  switch (file) {
    case "absent":
      return "does not exist yet; the first start makes it";
    case "current":
      return `is up to date (schema ${known})`;
    case "older":
      return `has schema ${applied}, this version ${known}; interactions-hub migrate${flags} or the next start upgrades it`;
    case "newer":
      return `was written by a newer version (schema ${applied}, this one knows ${known}); run that version`;
    case "foreign":
      return "is no data file of Interactions Hub; name another with --db";
    default:
      return file satisfies never;
  }
}

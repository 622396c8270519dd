import { stateText } from "../migrate.ts";
import type { ServingHub, Tools } from "../tools.ts";
import { type Check, doubtful, well, wrong } from "./check.ts";

/** Whether this version can use the data file, whether it is whole, and who has it. */
export function checkDatabase(tools: Tools, db: string): Check[] {
  if (db === ":memory:") return [];
  try {
    const state = tools.state();
    const finding = `${db} ${stateText(state)}`;
    if (state.file === "foreign" || state.file === "newer")
      return [wrong("database", finding, "give this one a file of its own with --db")];
    if (state.file === "absent") return [well("database", finding)];
    const schema =
      state.file === "older"
        ? doubtful("database", finding, "back the file up first if it matters")
        : well("database", finding);
    return [schema, checkWhole(tools, db), checkHolder(tools.servedBy())];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [wrong("database", `${db} cannot be read (${reason})`, "see whether this user may read and write it")];
  }
}

function checkWhole(tools: Tools, db: string): Check {
  const faults = tools.quickCheck();
  if (faults.length === 0) return well("contents", "SQLite finds nothing wrong");
  return wrong("contents", `SQLite finds ${faults.join("; ")}`, `stop the hub, and put a backup in the place of ${db}`);
}

function checkHolder(served: ServingHub | undefined): Check {
  if (served === undefined) return well("lock", "free: nobody serves the file");
  const { pid, url } = served;
  return well(
    "lock",
    `held by a hub${pid === undefined ? "" : ` (process ${pid})`}${url === undefined ? "" : ` at ${url}`}`,
  );
}

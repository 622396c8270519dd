import { stateText } from "../migrate.ts";
import type { Holder, Tools } from "../tools.ts";
import { type Check, doubtful, well, wrong } from "./check.ts";

/** Whether this version can use the data file, whether it is whole, and who has it. `flags` are those that name it. */
export async function checkDatabase(tools: Tools, db: string, flags: string): Promise<Check[]> {
  if (db === ":memory:") return [];
  try {
    const state = await tools.state();
    const finding = `${db} ${stateText(state, flags)}`;
    if (state.file === "foreign" || state.file === "newer")
      return [wrong("database", finding, "give this one a file of its own with --db")];
    if (state.file === "absent") return [well("database", finding)];
    const schema =
      state.file === "older"
        ? doubtful("database", finding, "back the file up first if it matters")
        : well("database", finding);
    return [schema, await checkWhole(tools, db), checkHolder(await tools.heldBy())];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [wrong("database", `${db} cannot be read (${reason})`, "see whether this user may read and write it")];
  }
}

async function checkWhole(tools: Tools, db: string): Promise<Check> {
  const faults = await tools.quickCheck();
  if (faults.length === 0) return well("contents", "SQLite finds nothing wrong");
  return wrong("contents", `SQLite finds ${faults.join("; ")}`, `stop the hub, and put a backup in the place of ${db}`);
}

function checkHolder(holder: Holder | undefined): Check {
  return well("lock", holder === undefined ? "free: nobody serves the file" : `held by a ${holder.who}`);
}

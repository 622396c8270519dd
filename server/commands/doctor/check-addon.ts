import { existsSync } from "node:fs";
import type { Configuration } from "../../configuration/schema.ts";
import type { Tools } from "../tools.ts";
import { type Check, well, wrong } from "./check.ts";

/** What keeps the addon of the database from being used, which some builds unpack; `undefined` if nothing does. */
export async function checkAddon(tools: Tools, { data }: Pick<Configuration, "data">): Promise<Check | undefined> {
  try {
    await tools.prepare();
    return undefined;
  } catch (error) {
    if (!existsSync(data)) return well("addon", `the first start unpacks it into ${data}`);
    const [finding = "", advice] = (error instanceof Error ? error.message : String(error))
      .replace(/^data: /, "")
      .split("; ");
    return wrong("addon", finding, advice ?? "choose another folder with --data");
  }
}

import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { isJsonObject, type JsonObject } from "../../../schema/core/json.ts";
import type { Configuration } from "../../configuration/schema.ts";
import { withOwnHub } from "../client/with-hub.ts";
import type { CommandContext } from "../command-context.ts";
import { readableLine } from "../terminal/readable.ts";
import { type Check, doubtful, well, wrong } from "./check.ts";
import { checkModels, offeredMembers } from "./check-models.ts";

/**
 * Asks each upstream for its models, with its key, by a hub of its own that stores nothing. `unpacksElsewhere` lets it leave
 * the data folder alone.
 */
export async function checkUpstreams(
  context: CommandContext,
  configuration: Configuration,
  { unpacksElsewhere }: { unpacksElsewhere: boolean },
): Promise<Check[]> {
  let temporary: string | undefined;
  try {
    if (unpacksElsewhere) temporary = await mkdtemp(join(context.outside.temporaryFolder, "interactions-hub-"));
    const inMemory: Configuration = { ...configuration, db: ":memory:", data: temporary ?? configuration.data };
    const offered = await withOwnHub(context, inMemory, (client) =>
      client.query(`{ upstreams { name kind address health modelCount latency trouble } ${offeredMembers} }`),
    );
    const { upstreams } = offered;
    const models = checkModels(configuration, offered);
    const found = (Array.isArray(upstreams) ? upstreams : []).filter(isJsonObject);
    const real = found.filter(({ kind }) => kind !== "simulator");
    if (real.length === 0) {
      const advice =
        "set GEMINI_API_KEY or OPENAI_API_KEY, start a model server such as Ollama, or name some as upstreams in the file of --config";
      return [doubtful("upstreams", found.length === 0 ? "none" : "none but the simulator", advice), ...models];
    }
    return [...real.map(checkOne), ...models];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [
      wrong(
        "upstreams",
        `a hub with these settings does not start (${reason})`,
        "see the other findings, or the log of serve",
      ),
    ];
  } finally {
    // Where a loaded addon cannot be removed, it stays for the system to tidy up.
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true }).catch(() => {});
  }
}

function checkOne({ name, kind, address, health, modelCount, latency, trouble }: JsonObject): Check {
  const where = typeof address === "string" ? ` at ${address}` : "";
  const what = `upstream ${String(name)}`;
  if (health === "ok")
    return well(what, `${String(kind)}${where}: ${String(modelCount)} models in ${String(latency)} ms`);
  const advice = "see its address and key in the settings, and whether it runs";
  return wrong(what, readableLine(`${String(kind)}${where}: ${String(trouble ?? "does not answer")}`, 300), advice);
}

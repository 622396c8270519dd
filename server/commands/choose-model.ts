import { isJsonObject, type JsonObject, type JsonValue } from "../../schema/core/json.ts";
import type { Configuration } from "../configuration/schema.ts";
import type { HubClient } from "./client/hub-client.ts";
import type { CommandContext } from "./command-context.ts";
import { CommandFailure } from "./command-failure.ts";
import { readable } from "./terminal/readable.ts";

export type ModelFlags = { model?: string; agent?: string; previous?: string };

/**
 * Whom to ask, as a create says it: the model or agent that was named, else that of the interaction to go on from, else the
 * default or the first alias of the settings, where they are known, else the first model that the hub lists.
 */
export async function chooseModel(
  client: HubClient,
  { model, agent, previous }: ModelFlags,
  { outside, quiet }: CommandContext,
  configuration: Configuration | undefined,
): Promise<JsonObject> {
  if (model !== undefined) return { model };
  if (agent !== undefined) return { agent };
  if (previous !== undefined) {
    const before = await client.ask("GET", `/v1beta/interactions/${encodeURIComponent(previous)}`);
    if (typeof before.agent === "string") return { agent: before.agent };
    if (typeof before.model === "string") return { model: before.model };
  }
  const chosen = (configuration && preferred(configuration)) ?? (await firstListed(client));
  if (!quiet) await outside.errors.write(`asking ${readable(chosen)}; choose another with --model\n`);
  return { model: chosen };
}

/** An upstream alone may be a default too, but is no name of a model. */
function preferred({ default_model: byDefault, aliases }: Configuration): string | undefined {
  const isModel = byDefault !== undefined && (byDefault.includes("/") || aliases.has(byDefault));
  return isModel ? byDefault : aliases.keys().next().value;
}

async function firstListed(client: HubClient): Promise<string> {
  const { models } = await client.query("{ models { name } }");
  const first: JsonValue | undefined = Array.isArray(models) ? models[0] : undefined;
  if (isJsonObject(first) && typeof first.name === "string") return first.name;
  throw new CommandFailure("the hub has no models; set up an upstream, or name one with --model");
}

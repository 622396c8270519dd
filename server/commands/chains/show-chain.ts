import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
import type { HubClient } from "../client/hub-client.ts";
import { withHub } from "../client/with-hub.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import { exitCodes } from "../exit-codes.ts";
import { jsonLine } from "../terminal/json-line.ts";
import { createPaint } from "../terminal/paint.ts";
import { type Link, transcriptOf } from "../transcript/transcript.ts";

const branches = "(first: 20) { nodes { id } pageInfo { hasNextPage } }";
const document = `query ($id: ID!) {
  interaction(id: $id) { chain(limit: 1000) { id previousId siblings${branches} } next${branches} }
}`;

/** Prints the chain that leads to an interaction, from its root on, and where other branches begin. */
export async function showChain(
  context: CommandContext,
  _flags: object,
  [id = ""]: readonly string[],
): Promise<number> {
  const { outside, json } = context;
  const paint = createPaint(outside.env, outside.output);
  await withHub(context, async (client) => {
    const { interaction: found } = await client.query(document, { id });
    if (!isJsonObject(found)) {
      throw new CommandFailure(`there is no interaction ${id}`, { exitCode: exitCodes.notFound.code });
    }
    const links: Link[] = [];
    for (const one of listOf(found.chain)) {
      const link = {
        interaction: await resource(client, String(one.id)),
        siblings: idsOf(one.siblings),
        more_siblings: hasMore(one.siblings),
      };
      if (!json && links.length === 0) await outside.output.write(paint("dim", beforeText(one.previousId)));
      links.push(link);
      if (!json) await outside.output.write(transcriptOf(link, paint));
    }
    const next = idsOf(found.next);
    const more_next = hasMore(found.next);
    if (json) await outside.output.write(jsonLine({ id, chain: links, next, more_next }));
    else if (next.length > 0) {
      await outside.output.write(paint("dim", `goes on with ${next.join(", ")}${more_next ? " and more" : ""}\n`));
    }
  });
  return 0;
}

/** The oldest that is shown may go on from one that is deleted, or that is too far away. */
function beforeText(previousId: JsonValue | undefined): string {
  return typeof previousId === "string" ? `goes on from ${previousId}\n\n` : "";
}

function resource(client: HubClient, id: string): Promise<JsonObject> {
  return client.ask("GET", `/v1beta/interactions/${encodeURIComponent(id)}?include_input=true`);
}

function idsOf(connection: JsonValue | undefined): string[] {
  return isJsonObject(connection) ? listOf(connection.nodes).map(({ id }) => String(id)) : [];
}

function hasMore(connection: JsonValue | undefined): boolean {
  return isJsonObject(connection) && isJsonObject(connection.pageInfo) && connection.pageInfo.hasNextPage === true;
}

function listOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

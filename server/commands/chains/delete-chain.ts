import { isJsonObject, type JsonValue } from "../../../schema/core/json.ts";
import type { HubClient } from "../client/hub-client.ts";
import { withHub } from "../client/with-hub.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import { exitCodes } from "../exit-codes.ts";
import { usageError } from "../parser/usage-error.ts";
import type { Process } from "../process.ts";
import { jsonLine } from "../terminal/json-line.ts";

const document = `query ($id: ID!, $after: Cursor) {
  interaction(id: $id) { id descendants(first: 1000, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }
}`;

export type DeleteFlags = { tree?: boolean; yes?: boolean };

/** Forgets an interaction, and with `--tree` all that goes on from it: the last ones first, so that nothing is left behind a gap. */
export async function deleteChain(
  context: CommandContext,
  { tree = false, yes = false }: DeleteFlags,
  [id = ""]: readonly string[],
): Promise<number> {
  const { outside, json, quiet } = context;
  return withHub(context, async (client) => {
    const all = await withDescendants(client, id);
    const doomed = tree ? all : all.slice(0, 1);
    if (!yes && !(await agreed(doomed.length, all.length, outside))) return exitCodes.failed.code;
    for (const one of doomed.reverse()) {
      await client.ask("DELETE", `/v1beta/interactions/${encodeURIComponent(one)}`);
      if (json) await outside.output.write(jsonLine({ id: one, deleted: true }));
      else if (!quiet) await outside.output.write(`deleted ${one}\n`);
    }
    return exitCodes.done.code;
  });
}

/** The interaction, and behind it all that goes on from it in the order in which they began. */
async function withDescendants(client: HubClient, id: string): Promise<string[]> {
  const ids = [id];
  for (let after: JsonValue = null; ; ) {
    const { interaction } = await client.query(document, { id, after });
    if (!isJsonObject(interaction))
      throw new CommandFailure(`there is no interaction ${id}`, { exitCode: exitCodes.notFound.code });
    const page = interaction.descendants;
    if (!isJsonObject(page) || !Array.isArray(page.nodes) || !isJsonObject(page.pageInfo)) return ids;
    ids.push(...page.nodes.filter(isJsonObject).map((node) => String(node.id)));
    if (page.pageInfo.hasNextPage !== true) return ids;
    after = page.pageInfo.endCursor ?? null;
  }
}

async function agreed(count: number, all: number, { input, errors }: Process): Promise<boolean> {
  if (!input.isTerminal || !errors.isTerminal) {
    throw usageError("chains delete asks before it deletes, and here nobody can be asked: say --yes");
  }
  const others = all - count;
  const kept = others === 0 ? "" : `; ${others} that go on from it stay, without it`;
  await errors.write(`Delete ${count === 1 ? "this interaction" : `these ${count} interactions`}${kept}? [y/N] `);
  for await (const piece of input.pieces()) return /^y(?:es)?\s*$/i.test(Buffer.from(piece).toString());
  return false;
}

import type { InteractionFilter } from "../../../schema/archive.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
import type { HubClient } from "../client/hub-client.ts";
import { withHub } from "../client/with-hub.ts";
import type { CommandContext } from "../command-context.ts";
import { jsonLine } from "../terminal/json-line.ts";
import { createPaint } from "../terminal/paint.ts";
import { readableLine } from "../terminal/readable.ts";
import { table } from "../terminal/table.ts";
import { type FilterFlags, readFilter } from "./read-filter.ts";

const PAGE = 100;
const document = `query ($filter: InteractionFilter, $first: Int, $after: Cursor) {
  interactions(filter: $filter, first: $first, after: $after) {
    nodes {
      id previousId rootId status model agent provider createdAt updatedAt labels { key value } usage { totalTokens }
      errors { code message } steps(side: input) { ... on UserInput { text } }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

export type ListFlags = FilterFlags & { text?: string; limit?: number };

/** Prints the newest interactions for which a filter holds. */
export async function listChains(context: CommandContext, { text, limit = 20, ...flags }: ListFlags): Promise<number> {
  const { outside, json } = context;
  const filter = asGraphql({ ...readFilter(flags, outside.now()), ...(text === undefined ? {} : { text }) });
  const found = await withHub(context, (client) => read(client, filter, limit));
  await outside.output.write(json ? found.map(jsonLine).join("") : asTable(found, context));
  return 0;
}

async function read(client: HubClient, filter: JsonObject, limit: number): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  for (let after: JsonValue = null; found.length < limit; ) {
    const first = Math.min(PAGE, limit - found.length);
    const { interactions: page } = await client.query(document, { filter, first, after });
    if (!isJsonObject(page) || !Array.isArray(page.nodes) || !isJsonObject(page.pageInfo)) break;
    found.push(...page.nodes.filter(isJsonObject).map(withInput));
    if (page.pageInfo.hasNextPage !== true) break;
    after = page.pageInfo.endCursor ?? null;
  }
  return found;
}

/** With its input as one text in place of the steps. */
function withInput({ steps, ...interaction }: JsonObject): JsonObject {
  const texts = (Array.isArray(steps) ? steps : []).filter(isJsonObject).map(({ text }) => text);
  return { ...interaction, input: texts.filter((text) => typeof text === "string").join("\n") };
}

function asGraphql({ model, status, labels, created_from, text }: InteractionFilter): JsonObject {
  return {
    ...(model === undefined ? {} : { model: [...model] }),
    ...(status === undefined ? {} : { status: [...status] }),
    ...(labels === undefined ? {} : { labels: labels.map((label) => ({ ...label })) }),
    ...(created_from === undefined ? {} : { createdFrom: new Date(created_from).toISOString() }),
    ...(text === undefined ? {} : { text }),
  };
}

function asTable(found: readonly JsonObject[], { outside, quiet }: CommandContext): string {
  const paint = createPaint(outside.env, outside.output);
  const head = quiet ? [] : [["BEGUN", "STATUS", "MODEL", "TOKENS", "INPUT", "ID"]];
  const rows = found.map(({ createdAt, status, model, agent, usage, input, id }) => {
    const tokens = isJsonObject(usage) ? String(usage.totalTokens ?? "") : "";
    const begun = String(createdAt).slice(0, 19).replace("T", " ");
    return [
      begun,
      String(status),
      readableLine(String(model ?? agent ?? ""), 30),
      tokens,
      readableLine(String(input), 40),
      String(id),
    ];
  });
  return table([...head, ...rows], (line, row) => (row < head.length ? paint("dim", line) : line));
}

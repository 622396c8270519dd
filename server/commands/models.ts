import { isJsonObject, type JsonObject, type JsonValue } from "../../schema/core/json.ts";
import { withHub } from "./client/with-hub.ts";
import type { CommandContext } from "./command-context.ts";
import { jsonLine } from "./terminal/json-line.ts";
import { createPaint } from "./terminal/paint.ts";
import { readableLine } from "./terminal/readable.ts";
import { table } from "./terminal/table.ts";

const members = "name provider displayName description inputTokenLimit outputTokenLimit thinking version";

/** Prints what can be asked. */
export async function listModels(context: CommandContext): Promise<number> {
  const { outside, json } = context;
  const document = `{ models { ${members} } agents { ${members} } }`;
  const data = await withHub(context, (client) => client.query(document), { stored: false });
  const found = [...tagged("model", data.models), ...tagged("agent", data.agents)];
  if (json) await outside.output.write(found.map(jsonLine).join(""));
  else await outside.output.write(asTable(found, context));
  return 0;
}

function asTable(found: readonly JsonObject[], { outside, quiet }: CommandContext): string {
  const cell = (value: JsonValue | undefined) => (typeof value === "string" ? readableLine(value, 60) : "");
  const rows = found.map(({ name, provider, kind, displayName }) => [name, provider, kind, displayName].map(cell));
  const paint = createPaint(outside.env, outside.output);
  const head = quiet ? [] : [["NAME", "UPSTREAM", "KIND", "CALLED"]];
  return table([...head, ...rows], (line, row) => (row < head.length ? paint("dim", line) : line));
}

function tagged(kind: string, list: JsonValue | undefined): JsonObject[] {
  return Array.isArray(list) ? list.filter(isJsonObject).map((one) => ({ kind, ...one })) : [];
}

import type { InteractionFilter } from "../../schema/archive.ts";
import type { AggregateUsage } from "./aggregate-usage.ts";
import type { Selection } from "./selection.ts";
import { isSummed } from "./usage-rows.ts";

/** How many interactions a filter holds for. */
export async function countInteractions(
  { selection, usage }: { selection: Selection; usage: AggregateUsage },
  filter: InteractionFilter,
): Promise<number> {
  if (isSummed(filter, [])) return (await usage(filter, []))[0]?.interactions ?? 0;
  let count = 0;
  for await (const keys of selection.keys(selection.prepare(filter))) count += keys.length;
  return count;
}

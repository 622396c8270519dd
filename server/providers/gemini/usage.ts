import { isJsonObject, type JsonValue } from "../../../schema/core/json.ts";
import { Usage } from "../../../schema/core/usage.ts";

/** Token counts as Google writes them; counters that the hub does not know, or not in that form, ride along. */
export function decodeUsage(wire: JsonValue | undefined): Usage | undefined {
  if (!isJsonObject(wire)) return undefined;
  const entries = Object.entries(wire).filter(([, value]) => value !== null);
  const known = Object.fromEntries(entries.filter(([name, value]) => isCounter(name, value))) as Usage;
  const extra = Object.fromEntries(entries.filter(([name, value]) => !isCounter(name, value)));
  return Object.keys(extra).length === 0 ? known : { ...known, extra };
}

function isCounter(name: string, value: JsonValue): boolean {
  if (name === "extra" || !Object.hasOwn(Usage.shape, name)) return false;
  return Usage.shape[name as keyof Usage].safeParse(value).success;
}

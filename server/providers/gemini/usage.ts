import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
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

/** The tokens of both, for an answer that Google gave in several parts. */
export function addUsage(first: Usage | undefined, second: Usage | undefined): Usage | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  const sum: JsonObject = { ...(first as JsonObject) };
  for (const [name, value] of Object.entries(second as JsonObject)) sum[name] = added(sum[name], value);
  return sum as Usage;
}

function added(first: JsonValue | undefined, second: JsonValue): JsonValue {
  if (typeof first === "number" && typeof second === "number") return first + second;
  if (!Array.isArray(first) || !Array.isArray(second)) return second;
  const counts = new Map<string, JsonObject>();
  for (const entry of [...first, ...second].filter(isJsonObject)) {
    const key = String(entry.modality ?? entry.type);
    const known = counts.get(key);
    const count = (name: "tokens" | "count") => ({ [name]: Number(known?.[name] ?? 0) + Number(entry[name] ?? 0) });
    counts.set(key, { ...entry, ...count("tokens" in entry ? "tokens" : "count") });
  }
  return [...counts.values()];
}

import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
import type { Effort } from "./effort.ts";
import { mergeSchemas } from "./merge-schema.ts";
import type { Random } from "./random.ts";

/** How a schema's choices are made. */
export type Choosing = {
  root: JsonObject;
  random: Random;
  /** At a deep place the branch without references is taken, so that recursive schemas come to an end. */
  shallow: boolean;
  /** Whether choices are by chance; otherwise the first branch that is not `null` is taken. */
  byChance: boolean;
  effort: Effort;
};

const MOST_REFERENCES = 64;
const EFFORT_PER_PART = 50;

/** The schema with its references, `allOf`, one branch of `anyOf` and `oneOf`, and `if` worked in. `false` allows nothing. */
export function resolveSchema(schema: JsonValue | undefined, choosing: Choosing, references = 0): JsonObject | false {
  if (schema === false || references > MOST_REFERENCES) return false;
  if (!isJsonObject(schema)) return {};
  const { $ref: reference, allOf, anyOf, oneOf, if: condition, then: consequence, else: otherwise, ...own } = schema;
  const parts: JsonValue[] = [];
  if (typeof reference === "string") parts.push(referenced(choosing.root, reference) ?? false);
  if (Array.isArray(allOf)) parts.push(...allOf);
  if (Array.isArray(anyOf)) parts.push(branchOf(anyOf, own, choosing));
  if (Array.isArray(oneOf)) parts.push(branchOf(oneOf, own, choosing));
  if (condition !== undefined) {
    if (choosing.byChance && choosing.random.next() < 0.5) parts.push(otherwise ?? {});
    else parts.push(condition, consequence ?? {});
  }
  choosing.effort.spend(parts.length * EFFORT_PER_PART);
  let resolved: JsonObject = own;
  for (const part of parts) {
    const next = resolveSchema(part, choosing, references + 1);
    if (next === false) return false;
    resolved = mergeSchemas(resolved, next);
  }
  return resolved;
}

function branchOf(branches: readonly JsonValue[], own: JsonObject, choosing: Choosing): JsonValue {
  const allowed = branches.filter((branch) => branch !== false && fits(branch, own));
  const plain = choosing.shallow ? allowed.filter((branch) => !JSON.stringify(branch).includes('"$ref"')) : allowed;
  const candidates = plain.length > 0 ? plain : allowed;
  if (candidates.length === 0) return branches.length === 0 ? {} : false;
  if (choosing.byChance) return candidates[choosing.random.integer(0, candidates.length - 1)] ?? {};
  return candidates.find((branch) => !isJsonObject(branch) || branch.type !== "null") ?? candidates[0] ?? {};
}

/** A branch of another type than the schema around it can never be taken. */
function fits(branch: JsonValue, own: JsonObject): boolean {
  if (!isJsonObject(branch) || branch.type === undefined || own.type === undefined) return true;
  const merged = mergeSchemas({ type: own.type }, { type: branch.type }).type;
  return Array.isArray(merged) && merged.length > 0;
}

/** What a reference within a schema points at. */
export function referenced(root: JsonObject, reference: string): JsonValue | undefined {
  if (reference === "#") return root;
  if (!reference.startsWith("#/")) return anchored(root, reference);
  let value: JsonValue | undefined = root;
  for (const part of reference.slice(2).split("/")) {
    const name = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(value)) value = value[Number(name)];
    else value = isJsonObject(value) ? value[name] : undefined;
  }
  return value;
}

function anchored(root: JsonObject, reference: string): JsonValue | undefined {
  const definitions = [root.$defs, root.definitions].filter(isJsonObject).flatMap((map) => Object.values(map));
  return definitions.find(
    (schema) => isJsonObject(schema) && (`#${schema.$anchor}` === reference || schema.$id === reference),
  );
}

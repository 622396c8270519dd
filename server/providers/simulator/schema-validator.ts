import type { Ajv2020, ValidateFunction } from "ajv/dist/2020.js";
import { HubError } from "../../../schema/core/error.ts";
import type { JsonObject, JsonValue } from "../../../schema/core/json.ts";
import { plainSchema } from "../plain-schema.ts";
import { formats } from "./formats.ts";
import { matcherOf } from "./pattern-matcher.ts";
import { schemaWeight } from "./schema-weight.ts";

/** A schema made plain, with the check of values against it. */
export type CompiledSchema = {
  plain: JsonObject;
  /** Why a value does not satisfy the schema; `undefined` if it does. */
  complaint(value: JsonValue): string | undefined;
};

/** Compiled schemas that are kept; the one unused for longest is given up. */
const MOST_KEPT = 64;
const MOST_WEIGHT = 5_000_000;

const kept = new Map<string, { compiled: CompiledSchema; schema: JsonObject }>();
let loading: Promise<Ajv2020> | undefined;

/** Compiles a JSON schema; one that is none is a `HubError` that names the request's member. */
export async function compileSchema(schema: JsonObject, field: string): Promise<CompiledSchema> {
  const key = JSON.stringify(schema);
  const known = kept.get(key);
  if (known !== undefined) {
    kept.delete(key);
    kept.set(key, known);
    return known.compiled;
  }
  // Loaded on first use: most runs never need it, and it costs a good part of the program's start. As a CommonJS module it
  // has no name but `default` in a bundle then.
  loading ??= import("ajv/dist/2020.js").then((module) => createAjv(module.default.Ajv2020));
  const ajv = await loading;
  const plain = plainSchema(schema);
  const compiled: CompiledSchema = { plain, complaint: complaintBy(compile(ajv, plain, field), ajv) };
  kept.set(key, { compiled, schema: plain });
  for (const [oldKey, old] of kept) {
    if (kept.size <= MOST_KEPT) break;
    kept.delete(oldKey);
    ajv.removeSchema(old.schema);
  }
  return compiled;
}

function createAjv(Ajv: typeof Ajv2020): Ajv2020 {
  const ajv = new Ajv({ strict: false, logger: false, code: { regExp: patternEngine } });
  for (const [name, { pattern }] of formats) ajv.addFormat(name, pattern);
  return ajv;
}

/** Patterns are the client's: matched by JavaScript's own engine, a short one can keep the process busy for ever. */
const patternEngine = Object.assign(
  (pattern: string) => ({ test: matcherOf(pattern).test, toString: () => `/${pattern}/u` }),
  { code: "matcherOf" },
);

function compile(ajv: Ajv2020, schema: JsonObject, field: string): ValidateFunction {
  try {
    if (schemaWeight(schema) > MOST_WEIGHT) throw new Error("it is too large once its references are written out");
    return ajv.compile(schema);
  } catch (cause) {
    ajv.removeSchema(schema);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HubError("invalid_request", `Not a usable JSON schema: ${reason}`, { field, cause });
  }
}

function complaintBy(validate: ValidateFunction, ajv: Ajv2020): CompiledSchema["complaint"] {
  return (value) => {
    try {
      return validate(value) ? undefined : ajv.errorsText(validate.errors, { dataVar: "value" });
    } catch (error) {
      // A pattern that takes too long, or references without an end (the stack overflows).
      if (error instanceof HubError) return error.message;
      if (error instanceof RangeError) return "its references have no end";
      throw error;
    }
  };
}

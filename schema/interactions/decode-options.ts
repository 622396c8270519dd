import type { z } from "zod";
import type { HubError } from "../core/error.ts";
import { shortened } from "../core/shortened.ts";
import { keepUnknown, type Unknown } from "./keep-unknown.ts";
import { membersOf } from "./members-of.ts";
import {
  describe,
  invalidEnum,
  invalidValue,
  memberPath,
  missingMember,
  refusal,
  unknownParameter,
} from "./refusals.ts";

type Issue = z.core.$ZodIssue;

/** A value by its schema, or a refusal in the words of the wire for the first thing wrong with it. */
export function decodeOptions<S extends z.ZodType>(schema: S, value: unknown, path: string): z.infer<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw issue === undefined ? refusal(`Invalid value at '${path}'.`, path) : refusalOf(issue, schema, value, path);
}

/** The same, but `undefined` for a value with which nothing is wrong except members that the schema does not have. */
export function decodeUnlessUnknown<S extends z.ZodType>(
  schema: S,
  value: unknown,
  path: string,
  unknown: Unknown,
): z.infer<S> | undefined {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const fault = issues.find((issue) => !isUnknownMember(issue, value));
  if (fault !== undefined) throw refusalOf(fault, schema, value, path);
  for (const issue of issues) keepUnknown(refusalOf(issue, schema, value, path), unknown);
  return undefined;
}

function isUnknownMember(issue: Issue, value: unknown): boolean {
  if (issue.code === "unrecognized_keys") return true;
  if (issue.code !== "invalid_union") return false;
  const here = valueAt(value, issue.path);
  return meantBranch(issue, here)?.every((inner) => isUnknownMember(inner, here)) ?? false;
}

function refusalOf(issue: Issue, schema: z.ZodType, value: unknown, path: string): HubError {
  const place = pathOf(issue.path, path);
  const here = valueAt(value, issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return unknownParameter(issue.keys[0] ?? "", place, membersOf(schema, value, issue.path));
    case "invalid_value":
      return typeof here === "string"
        ? invalidEnum(here, place, issue.values)
        : invalidValue(place, expectedOf(issue), here);
    case "invalid_union": {
      if (issue.inclusive !== false && issue.options !== undefined) {
        return here === undefined ? missingAt(issue, path) : invalidEnum(here, place, issue.options);
      }
      const branch = meantBranch(issue, here)?.[0];
      if (branch === undefined) return invalidValue(place, expectedOf(issue), here);
      return refusalOf({ ...branch, path: [...issue.path, ...branch.path] }, schema, value, path);
    }
    case "invalid_key":
      return refusal(
        `Invalid key '${shortened(String(issue.path.at(-1)))}' at '${pathOf(issue.path.slice(0, -1), path)}': ${inner(issue)}.`,
        place,
      );
    case "invalid_format":
      return refusal(`Invalid value at '${place}': ${issue.message}, received ${describe(here)}.`, place);
    default:
      return here === undefined ? missingAt(issue, path) : invalidValue(place, expectedOf(issue), here);
  }
}

function missingAt(issue: Issue, path: string): HubError {
  return missingMember(String(issue.path.at(-1) ?? ""), pathOf(issue.path.slice(0, -1), path));
}

/** What is wrong with the branch of a union that was meant. */
function meantBranch(issue: z.core.$ZodIssueInvalidUnion, here: unknown): Issue[] | undefined {
  return issue.errors.find(([first]) => first !== undefined && fits(first, here));
}

/** Whether a branch of a union is the one that was meant: its fault lies deeper than the kind of value. */
function fits(issue: Issue, here: unknown): boolean {
  if (issue.path.length > 0) return true;
  if (issue.code === "invalid_type" || issue.code === "custom") return false;
  return issue.code !== "invalid_value" || typeof here === "string";
}

function expectedOf(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return kindNames[issue.expected] ?? issue.expected;
    case "invalid_value":
      return `one of ${issue.values.join(", ")}`;
    case "invalid_union":
      return issue.errors.flatMap(([first]) => (first === undefined ? [] : [expectedOf(first)])).join(" or ");
    case "too_big":
      return `at most ${issue.maximum}`;
    case "too_small":
      if (issue.origin === "string" && issue.minimum === 1) return "a string that is not empty";
      return `${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`;
    default:
      return issue.message.replace(/^expected /, "");
  }
}

const kindNames: { readonly [kind: string]: string } = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "an array",
  object: "an object",
  record: "an object",
};

function pathOf(parts: readonly PropertyKey[], base: string): string {
  let path = base;
  for (const part of parts) path = typeof part === "number" ? `${path}[${part}]` : memberPath(path, String(part));
  return path;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let here = value;
  for (const part of path) here = (here as Record<PropertyKey, unknown> | null | undefined)?.[part];
  return here;
}

function inner(issue: z.core.$ZodIssueInvalidKey): string {
  return issue.issues[0]?.message ?? "not allowed";
}

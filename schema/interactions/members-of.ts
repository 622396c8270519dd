import { z } from "zod";

/** The names that the object at a path inside a value may have, by the value's schema: for hints at what was meant. */
export function membersOf(schema: z.ZodType, value: unknown, path: readonly PropertyKey[]): string[] {
  const [part, ...rest] = path;
  const branches = branchesOf(schema, value);
  if (part === undefined) {
    return branches.flatMap((branch) => (branch instanceof z.ZodObject ? Object.keys(branch.shape) : []));
  }
  const next = (value as Record<PropertyKey, unknown> | null | undefined)?.[part];
  return branches.flatMap((branch) => {
    const member = memberOf(branch, part);
    return member === undefined ? [] : membersOf(member, next, rest);
  });
}

function memberOf(schema: z.ZodType, part: PropertyKey): z.ZodType | undefined {
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (schema instanceof z.ZodObject) return schema.shape[String(part)] as z.ZodType | undefined;
  return undefined;
}

/** The schema without what wraps it; of a union, the branches that the value's `type` allows. */
function branchesOf(schema: z.ZodType, value: unknown): z.ZodType[] {
  if (schema instanceof z.ZodOptional) return branchesOf(schema.unwrap() as z.ZodType, value);
  if (!(schema instanceof z.ZodUnion)) return [schema];
  const type = (value as { type?: unknown } | null | undefined)?.type;
  return (schema.options as z.ZodType[])
    .flatMap((option) => branchesOf(option, value))
    .filter((option) => {
      const named = option instanceof z.ZodObject ? (option.shape.type as z.ZodType | undefined) : undefined;
      return !(named instanceof z.ZodLiteral) || type === undefined || named.values.has(type as string);
    });
}

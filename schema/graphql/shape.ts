import { z } from "zod";
import { camelCase } from "./camel-case.ts";

/** What is said of a member; `null` hides it. */
export type Notes<Schema extends z.ZodObject> = { readonly [Name in keyof z.output<Schema> & string]-?: string | null };

/** A type of GraphQL that has the members of a schema of ours. */
export type Shape = { name: string; description: string; fields: readonly ShapeField[] };

/** A field of such a type. `of` is the schema of its value, or of each item where it is a list. */
export type ShapeField = {
  /** What the member is called in our words: `total_tokens`. */
  member: string;
  /** What the field is called: `totalTokens`. */
  name: string;
  of: z.ZodType;
  list: boolean;
  nullable: boolean;
  description: string;
};

/** Derives a type from a schema. A member that nothing is said of does not compile. */
export function shape<Schema extends z.ZodObject>(
  name: string,
  description: string,
  schema: Schema,
  notes: Notes<Schema>,
): Shape {
  const told: Readonly<Record<string, string | null>> = notes;
  const fields = Object.entries(schema.shape).flatMap(([member, value]): ShapeField[] => {
    const note = told[member] ?? null;
    if (note === null) return [];
    const inner = value instanceof z.ZodOptional ? value.unwrap() : value;
    const list = inner instanceof z.ZodArray;
    return [
      {
        member,
        name: camelCase(member),
        of: typeOf(list ? inner.element : inner),
        list,
        nullable: value instanceof z.ZodOptional,
        description: note,
      },
    ];
  });
  return { name, description, fields };
}

/** zod tells the inner types of lists and options only as far as its smallest core. */
function typeOf(schema: z.core.$ZodType): z.ZodType {
  if (schema instanceof z.ZodType) return schema;
  throw new Error("A shape holds a schema of another zod.");
}

import { z } from "zod";

/** What the hub can do with something on the wire. */
export const verbs = [
  "honoured",
  "translated",
  "stored",
  "passed on",
  "refused",
  "ignored",
  "sent",
  "not sent",
] as const;
export type Verb = (typeof verbs)[number];

/** What the hub does with a member or a type, perhaps with how; shown in the README and, as `x-hub`, in the OpenAPI. */
export type Disposition = Verb | `${Verb}: ${string}`;

/** What the legacy revision has no word for: its readers do not get it, those of the steps revision do. */
export const notLegacy = "honoured: not sent in the legacy revision" satisfies Disposition;

/** A member that may be absent. */
export function optional<S extends z.ZodType>(schema: S, hub: Disposition, description?: string): z.ZodOptional<S> {
  return schema.optional().meta({ hub, ...(description === undefined ? {} : { description }) });
}

/** A member that is always there. */
export function required<S extends z.ZodType>(schema: S, hub: Disposition, description?: string): S {
  return schema.meta({ hub, ...(description === undefined ? {} : { description }) });
}

/** A schema under the name that it has among the OpenAPI components. */
export function named<S extends z.ZodType>(id: string, hub: Disposition, description: string, schema: S): S {
  return schema.meta({ id, hub, description });
}

/** A string that has known values and may get more: the wire's enums are open. */
export function openEnum(...values: string[]): z.ZodString {
  return z.string().meta({ examples: values });
}

/** An object that is carried as it is. */
export function carried(): z.ZodType {
  return z.looseObject({});
}

/** What the hub does with a schema or a member, as `named`, `optional` and `required` recorded it. */
export function dispositionOf(schema: z.ZodType): string | undefined {
  const { hub } = schema.meta() ?? {};
  return typeof hub === "string" ? hub : undefined;
}

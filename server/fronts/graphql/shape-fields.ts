import { z } from "zod";
import type { Shape, ShapeField } from "../../../schema/graphql/shape.ts";
import { builder, type TypeOf } from "./builder.ts";

type Scalar = "Boolean" | "Float" | "Int" | "JSON" | "SafeInt" | "String";
type AnyType = Scalar | TypeOf<unknown>;

/** Object types by the schema of the values that they are for. */
const nested = new Map<z.ZodType, TypeOf<unknown>>();

/** Members that hold more than the 32 bits of an `Int`. */
const large: ReadonlySet<string> = new Set(["seed"]);

/** Builds an object type that has the members of a shape, and what else is given. */
export function shapeType<Source extends object>(shape: Shape, schema?: z.ZodType): TypeOf<Source> {
  const ref = builder.objectRef<Source>(shape.name);
  ref.implement({ description: shape.description });
  addShapeFields(ref, shape);
  if (schema !== undefined) nested.set(schema, ref as unknown as TypeOf<unknown>);
  return ref;
}

/** Gives an object type the members of a shape: each reads the member of ours, without anything between. */
export function addShapeFields<Source extends object>(ref: TypeOf<Source>, { fields }: Shape): void {
  builder.objectFields(ref, (t) =>
    Object.fromEntries(
      fields.map((field) => {
        const { name, member, list, nullable, description } = field;
        const type = fieldType(field);
        const resolve = (source: Source) => source[member as keyof Source] as never;
        return [name, t.field({ type: list ? [type] : type, nullable, description, resolve })];
      }),
    ),
  );
}

/** A schema that GraphQL has no words for is JSON. */
function fieldType({ of, member }: ShapeField): AnyType {
  const known = nested.get(of);
  if (known !== undefined) return known;
  return scalarOf(of, member);
}

/** The scalar for the values of a schema. */
export function scalarOf(of: z.ZodType, member: string): Scalar {
  if (of instanceof z.ZodString || of instanceof z.ZodEnum || of instanceof z.ZodLiteral) return "String";
  if (of instanceof z.ZodBoolean) return "Boolean";
  if (!(of instanceof z.ZodNumber)) return "JSON";
  if (!of.isInt) return "Float";
  return large.has(member) ? "SafeInt" : "Int";
}

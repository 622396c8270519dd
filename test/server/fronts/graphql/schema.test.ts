import { readFileSync } from "node:fs";
import { type GraphQLNamedType, isEnumType, isInputObjectType, isObjectType, isScalarType, printSchema } from "graphql";
import { describe, expect, it } from "vitest";
import { schema } from "../../../../server/fronts/graphql/schema.ts";

const own = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith("__"));
const builtIn = new Set(["String", "Int", "Float", "Boolean", "ID"]);

describe("the GraphQL schema", () => {
  it("is printed as it is", () => {
    const printed = readFileSync(new URL("../../../../schema/generated/schema.graphql", import.meta.url), "utf8");
    expect(printed === `${printSchema(schema)}\n`, "run npm run generate").toBe(true);
  });

  it("says what each type, field, argument and value means", () => {
    expect(own.flatMap(undescribed)).toEqual([]);
  });

  it("says where each scalar of its own is specified", () => {
    const scalars = own.filter(isScalarType).filter(({ name }) => !builtIn.has(name));
    expect(scalars.length).toBeGreaterThan(1);
    expect(scalars.filter(({ specifiedByURL }) => !specifiedByURL).map(({ name }) => name)).toEqual([]);
  });
});

/** The places of a type that have no description. */
function undescribed(type: GraphQLNamedType): string[] {
  const places: [string, string | null | undefined][] = [[type.name, type.description]];
  if (isEnumType(type))
    for (const value of type.getValues()) places.push([`${type.name}.${value.name}`, value.description]);
  if (isObjectType(type) || isInputObjectType(type)) {
    for (const field of Object.values(type.getFields())) places.push([`${type.name}.${field.name}`, field.description]);
  }
  return places.filter(([, description]) => !description).map(([place]) => place);
}

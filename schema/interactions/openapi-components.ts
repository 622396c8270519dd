import { z } from "zod";
import type { JsonObject } from "../core/json.ts";
import { wireSchemas } from "./wire-schemas.ts";

const DEFINITIONS = "#/$defs/";
const COMPONENTS = "#/components/schemas/";

/** The wire's schemas under their names, as OpenAPI components; what the hub does with each stands in `x-hub`. */
export function openApiSchemas(): JsonObject {
  const { $defs } = z.toJSONSchema(z.object(wireSchemas), {
    io: "input",
    override: ({ jsonSchema }) => {
      const { hub } = jsonSchema;
      if (hub === undefined) return;
      delete jsonSchema.hub;
      jsonSchema["x-hub"] = hub;
    },
  });
  return JSON.parse(JSON.stringify($defs), (key, value) =>
    key === "$ref" && typeof value === "string" ? value.replace(DEFINITIONS, COMPONENTS) : value,
  );
}

/** A reference to one of the wire's schemas. */
export function schemaRef(name: keyof typeof wireSchemas): JsonObject {
  return { $ref: COMPONENTS + name };
}

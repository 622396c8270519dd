import { isJsonObject, type JsonObject, type JsonValue } from "../../../../schema/core/json.ts";
import { generationConfig } from "../../../../schema/graphql/shapes.ts";
import { builder } from "../builder.ts";
import { scalarOf } from "../shape-fields.ts";

const { fields } = generationConfig;

export const GenerationConfigInput = builder.inputType("GenerationConfigInput", {
  description: "How the model is to generate. What must be so is the upstream's to say.",
  fields: (t) =>
    Object.fromEntries(
      fields.map(({ name, member, of, list, description }) => {
        const type = scalarOf(of, member);
        return [name, t.field({ type: list ? [type] : type, description })];
      }),
    ),
});

/** The configuration in REST's words. A member that is null is null there too. */
export function configBody(input: object): JsonObject {
  const given = new Map<string, JsonValue | undefined>(Object.entries(input));
  const extra = given.get("extra");
  const body: JsonObject = isJsonObject(extra) ? { ...extra } : {};
  for (const { name, member } of fields) {
    const value = given.get(name);
    if (value !== undefined && member !== "extra") body[member] = value;
  }
  return body;
}

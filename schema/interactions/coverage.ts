import { z } from "zod";
import { dispositionOf } from "./wire/disposition.ts";
import { wireSchemas } from "./wire-schemas.ts";

const NOTHING = "–";

/**
 * The tables of the README, as Markdown: every member and type of both revisions, and what the hub does with it. They are
 * read from the wire's schemas, so they cannot forget one.
 */
export function coverageTables(): string {
  const s = wireSchemas;
  const bareSchema: [string, z.ZodType] = ["a bare JSON schema", s.JsonSchema];
  const legacyParts = typesOf(s.LegacyContent);
  for (const type of typesOf(s.Content).keys()) legacyParts.delete(type);
  return [
    table("Request", "member", membersOf(s.CreateInteraction), membersOf(s.LegacyCreateInteraction)),
    table("`generation_config`", "member", membersOf(s.GenerationConfig), membersOf(s.LegacyGenerationConfig)),
    table("`response_format`", "type", new Map([...typesOf(s.ResponseFormat), bareSchema]), new Map([bareSchema])),
    table("Tools", "type", typesOf(s.Tool), typesOf(s.Tool)),
    table("Interaction", "member", membersOf(s.Interaction), membersOf(s.LegacyInteraction)),
    table("`usage`", "member", membersOf(s.Usage), membersOf(s.Usage)),
    table("Steps (in the legacy revision: contents)", "type", typesOf(s.Step), legacyParts),
    table("Contents", "type", typesOf(s.Content), typesOf(s.Content)),
    table("Stream events", "event", typesOf(s.InteractionEvent), typesOf(s.LegacyInteractionEvent)),
    table("Deltas", "type", typesOf(s.Delta), typesOf(s.LegacyDelta)),
  ].join("\n\n");
}

/** The options of a union by the value that tells them apart. */
export function typesOf(union: z.ZodDiscriminatedUnion): Map<string, z.ZodObject> {
  const types = new Map<string, z.ZodObject>();
  const { discriminator } = union.def;
  for (const option of union.options) {
    if (!(option instanceof z.ZodObject)) continue;
    const literal = option.shape[discriminator];
    if (literal instanceof z.ZodLiteral) types.set(String(literal.value), option);
  }
  return types;
}

function membersOf(object: z.ZodObject): Map<string, z.ZodType> {
  return new Map(Object.entries(object.shape as Record<string, z.ZodType>));
}

function table(
  title: string,
  what: string,
  steps: ReadonlyMap<string, z.ZodType>,
  legacy: ReadonlyMap<string, z.ZodType>,
): string {
  const isTypes = what !== "member";
  const columns = [what, ...(isTypes ? ["members"] : []), "steps", "legacy"];
  const rows = [...new Set([...steps.keys(), ...legacy.keys()])].map((name) => {
    const schema = steps.get(name) ?? legacy.get(name);
    const members = isTypes ? [memberNames(schema)] : [];
    return [name.includes(" ") ? name : `\`${name}\``, ...members, cell(steps.get(name)), cell(legacy.get(name))];
  });
  const lines = [columns, columns.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return [`### ${title}`, "", ...lines].join("\n");
}

function memberNames(schema: z.ZodType | undefined): string {
  if (!(schema instanceof z.ZodObject)) return NOTHING;
  const names = Object.entries(schema.shape).filter(([, member]) => !(member instanceof z.ZodLiteral));
  return names.map(([name]) => `\`${name}\``).join(", ") || NOTHING;
}

function cell(schema: z.ZodType | undefined): string {
  return schema === undefined ? NOTHING : (dispositionOf(schema) ?? NOTHING);
}

import { describe, expect, it } from "vitest";
import { z } from "zod";
import { withTables } from "../../../schema/generated/readme-tables.ts";
import { coverageTables, typesOf } from "../../../schema/interactions/coverage.ts";
import { toolStepTypes } from "../../../schema/interactions/step-types.ts";
import { dispositionOf, verbs } from "../../../schema/interactions/wire/disposition.ts";
import { wireSchemas } from "../../../schema/interactions/wire-schemas.ts";

const says = new RegExp(`^(?:${verbs.join("|")})(?:: .+)?$`);

const { Step, Content, LegacyContent, Delta, LegacyDelta, InteractionEvent, LegacyInteractionEvent } = wireSchemas;
const { Tool, ResponseFormat } = wireSchemas;

/** Objects whose members differ in what becomes of them, so that each must say it itself. */
const objects: [name: string, z.ZodObject][] = [
  ["CreateInteraction", wireSchemas.CreateInteraction],
  ["LegacyCreateInteraction", wireSchemas.LegacyCreateInteraction],
  ["Interaction", wireSchemas.Interaction],
  ["LegacyInteraction", wireSchemas.LegacyInteraction],
  ["GenerationConfig", wireSchemas.GenerationConfig],
  ["LegacyGenerationConfig", wireSchemas.LegacyGenerationConfig],
  ["Usage", wireSchemas.Usage],
  ["Model", wireSchemas.Model],
  ["ModelList", wireSchemas.ModelList],
  ...[...typesOf(Tool), ...typesOf(ResponseFormat)],
];

const unions: [name: string, z.ZodDiscriminatedUnion, types: number][] = [
  ["Step", Step, 21],
  ["Content", Content, 5],
  ["LegacyContent", LegacyContent, 20],
  ["Delta", Delta, 26],
  ["LegacyDelta", LegacyDelta, 22],
  ["InteractionEvent", InteractionEvent, 7],
  ["LegacyInteractionEvent", LegacyInteractionEvent, 7],
  ["Tool", Tool, 9],
  ["ResponseFormat", ResponseFormat, 4],
];

describe("what the hub does", () => {
  it.each(objects)("is said of every member of %s", (_name, object) => {
    const members = Object.entries(object.shape as Record<string, z.ZodType>);
    const silent = members.filter(([, member]) => {
      const isDiscriminator = member instanceof z.ZodLiteral;
      return !isDiscriminator && !says.test(dispositionOf(member) ?? "");
    });
    expect(silent.map(([name]) => name)).toEqual([]);
  });

  it.each(unions)("is said of every type of %s, and there are all of them", (_name, union, count) => {
    const types = [...typesOf(union)];
    expect(types.filter(([, option]) => !says.test(dispositionOf(option) ?? "")).map(([type]) => type)).toEqual([]);
    expect(types).toHaveLength(count);
    expect(union.options).toHaveLength(count);
  });

  it.each(Object.entries(wireSchemas))("is said of %s as a whole, under its own name", (name, schema) => {
    expect(dispositionOf(schema)).toMatch(says);
    expect(schema.meta()?.id).toBe(name);
  });

  it("is said of every tool step that the decoder knows", () => {
    expect([...typesOf(Step).keys()]).toEqual(expect.arrayContaining([...toolStepTypes.keys()]));
  });
});

describe("the tables", () => {
  const tables = coverageTables();

  it("have a row for every member and type of both revisions", () => {
    const names = [
      ...objects.slice(0, 7).flatMap(([, object]) => Object.keys(object.shape)),
      ...unions.flatMap(([, union]) => [...typesOf(union).keys()]),
    ];
    expect([...new Set(names)].filter((name) => !tables.includes(`\n| \`${name}\` |`))).toEqual([]);
  });

  it("have as many cells in each row as in their head", () => {
    for (const table of tables.split("### ").slice(1)) {
      const rows = table.split("\n").filter((line) => line.startsWith("|"));
      const widths = new Set(rows.map((row) => row.split(" | ").length));
      expect(widths.size).toBe(1);
    }
  });

  it("replace only what stands between their markers", () => {
    const readme = "# Title\n\nbefore\n<!-- generated:coverage -->\nold\n<!-- /generated:coverage -->\nafter\n";
    const written = withTables(readme, "new");
    expect(written).toBe(
      "# Title\n\nbefore\n<!-- generated:coverage -->\n\nnew\n\n<!-- /generated:coverage -->\nafter\n",
    );
    expect(withTables(written ?? "", "new")).toBe(written);
    expect(withTables("# Title\n", "new")).toBeUndefined();
  });
});

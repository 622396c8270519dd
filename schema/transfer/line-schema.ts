import { z } from "zod";
import { Annotation, Content, MediaContent, OtherContent, TextContent } from "../core/content.ts";
import { Degradation } from "../core/degradation.ts";
import { Delta, Event } from "../core/event.ts";
import { Failure } from "../core/interaction.ts";
import { JsonObject } from "../core/json.ts";
import { Settings } from "../core/settings.ts";
import { ModelOutput, Signature, Step, Thought, ToolCall, ToolOutcome, ToolResult, UserInput } from "../core/step.ts";
import { Tool } from "../core/tool.ts";
import { Usage } from "../core/usage.ts";
import { records } from "./records.ts";

/** What has a name of its own in the schema. */
const named = {
  ...records,
  Annotation,
  Content,
  Degradation,
  Delta,
  Event,
  Failure,
  MediaContent,
  ModelOutput,
  OtherContent,
  Settings,
  Signature,
  Step,
  TextContent,
  Thought,
  Tool,
  ToolCall,
  ToolOutcome,
  ToolResult,
  Usage,
  UserInput,
};

/** What is checked by a function, which the schema cannot tell. */
const objects: ReadonlySet<unknown> = new Set([JsonObject]);

/** The JSON Schema (2020-12) of a line of an export. */
export function lineSchema(): object {
  const metadata = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) metadata.add(schema, { id });
  const { header, media, piece, interaction, step, event, close, end } = records;
  const line = z.discriminatedUnion("type", [header, media, piece, interaction, step, event, close, end]);
  const { $schema, ...schema } = z.toJSONSchema(line, {
    io: "input",
    metadata,
    unrepresentable: "any",
    override({ zodSchema, jsonSchema }) {
      // Names stand beside the definitions.
      delete jsonSchema.id;
      const description = z.globalRegistry.get(zodSchema)?.description;
      if (description !== undefined) jsonSchema.description = description;
      if (objects.has(zodSchema)) jsonSchema.type = "object";
      if (zodSchema !== MediaContent || jsonSchema.properties === undefined) return;
      // Media are in lines of their own.
      delete jsonSchema.properties.data;
      jsonSchema.properties.blob = { type: "string", pattern: "^[0-9a-f]{64}$" };
    },
  });
  return {
    $schema,
    title: "A line of an export of Interactions Hub, version 1",
    description: "JSON Lines in UTF-8. The order of lines, their hashes and limits are in docs/export-format.md.",
    ...schema,
  };
}

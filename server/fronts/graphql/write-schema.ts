import { writeFileSync } from "node:fs";
import { printSchema } from "graphql";
import { schema } from "./schema.ts";

// Run by `npm run generate`: what clients generate their types from.
writeFileSync(new URL("../../../schema/generated/schema.graphql", import.meta.url), `${printSchema(schema)}\n`);

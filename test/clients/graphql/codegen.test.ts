import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { generate } from "@graphql-codegen/cli";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exampleQueries } from "../../../server/fronts/graphql/example-queries.ts";
import { createMutation, eventsSubscription, storedEventsQuery } from "./documents.ts";

const schema = fileURLToPath(new URL("../../../schema/generated/schema.graphql", import.meta.url));
const compiler = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));

/** What a program says of each scalar of the schema. */
const scalars = {
  Base64: "string",
  Cursor: "string",
  Date: "string",
  DateTime: "string",
  JSON: "unknown",
  SafeInt: "number",
  URL: "string",
};

/** A program that reads what it asked for, of every kind of event. */
const program = `import type { EventsSubscription, StoredEventsQuery } from "./types.ts";

export function saidBy(data: EventsSubscription): string {
  const { event } = data.interactionEvents;
  if (event.__typename === "FinishEvent") return event.finished;
  if (event.__typename !== "StepDeltaEvent") return "";
  return "text" in event.delta ? event.delta.text : "";
}

export function lastCursor({ interaction }: StoredEventsQuery): string | undefined {
  return interaction?.events.nodes.at(-1)?.cursor;
}
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "interactions-hub-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("graphql-codegen", () => {
  test("makes types of the printed schema and of documents, by which a program compiles", async () => {
    const documents = [
      createMutation,
      eventsSubscription,
      storedEventsQuery,
      ...exampleQueries.map(({ query }) => query),
    ];
    await generate(
      {
        schema,
        documents,
        generates: {
          [join(folder, "schema.ts")]: { plugins: ["typescript"] },
          [join(folder, "types.ts")]: { plugins: ["typescript-operations"] },
        },
        config: { scalars, strictScalars: true, useTypeImports: true, enumsAsTypes: true },
        silent: true,
        errorsOnly: true,
      },
      true,
    );
    await writeFile(join(folder, "program.ts"), program);
    const options = [
      "--noEmit",
      "--strict",
      "--allowImportingTsExtensions",
      "--module",
      "nodenext",
      "--target",
      "es2023",
    ];
    const compiled = promisify(execFile)(process.execPath, [compiler, ...options, "program.ts", "schema.ts"], {
      cwd: folder,
    });
    expect(await compiled.catch(({ stdout }) => ({ stdout }))).toMatchObject({ stdout: "" });
  });
});

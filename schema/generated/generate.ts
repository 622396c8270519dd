import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { coverageTables } from "../interactions/coverage.ts";
import { openApiDocument } from "../interactions/openapi.ts";
import { lineSchema } from "../transfer/line-schema.ts";
import { emptyReadme, withTables } from "./readme-tables.ts";

// Writes what is derived from the schemas: openapi.json and export.schema.json beside this file, and the tables in the README.
// With --check it writes nothing and fails when something is stale.
const readmePath = fileURLToPath(new URL("../../README.md", import.meta.url));
const readme = withTables(existsSync(readmePath) ? readFileSync(readmePath, "utf8") : emptyReadme, coverageTables());
if (readme === undefined) {
  console.error("README.md has lost the markers between which the tables stand");
  process.exit(1);
}

const outputs = [
  {
    path: fileURLToPath(new URL("openapi.json", import.meta.url)),
    text: `${JSON.stringify(openApiDocument(), null, 2)}\n`,
  },
  {
    path: fileURLToPath(new URL("export.schema.json", import.meta.url)),
    text: `${JSON.stringify(lineSchema(), null, 2)}\n`,
  },
  { path: readmePath, text: readme },
];

const stale = outputs.filter(({ path, text }) => !existsSync(path) || readFileSync(path, "utf8") !== text);
if (process.argv.includes("--check")) {
  for (const { path } of stale) console.error(`${path} is stale: run "npm run generate"`);
  if (stale.length > 0) process.exit(1);
} else {
  for (const { path, text } of stale) {
    writeFileSync(path, text);
    console.log(`wrote ${path}`);
  }
}

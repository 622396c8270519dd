import { readFileSync, writeFileSync } from "node:fs";
import { commandsTable } from "./commands-table.ts";

// Run by `npm run generate`: the README's tables of commands and exit codes are those that `--help` comes from.
const readme = new URL("../../README.md", import.meta.url);
const marked = /(<!-- generated:commands -->\n)[\s\S]*(<!-- \/generated:commands -->)/;
writeFileSync(readme, readFileSync(readme, "utf8").replace(marked, `$1\n${commandsTable()}\n$2`));

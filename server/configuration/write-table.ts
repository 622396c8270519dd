import { readFileSync, writeFileSync } from "node:fs";
import { configurationTable } from "./configuration-table.ts";

// Run by `npm run generate`: the README's table of settings is the one that `--help` comes from.
const readme = new URL("../../README.md", import.meta.url);
const marked = /(<!-- generated:settings -->\n)[\s\S]*(<!-- \/generated:settings -->)/;
writeFileSync(readme, readFileSync(readme, "utf8").replace(marked, `$1\n${configurationTable()}\n\n$2`));

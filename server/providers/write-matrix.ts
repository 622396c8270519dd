import { readFileSync, writeFileSync } from "node:fs";
import { supportMatrix } from "./support-matrix.ts";

// Run by `npm run generate`: the README's matrix is the one that the tests hold each kind of upstream to.
const readme = new URL("../../README.md", import.meta.url);
const marked = /(<!-- generated:support -->\n)[\s\S]*(<!-- \/generated:support -->)/;
writeFileSync(readme, readFileSync(readme, "utf8").replace(marked, `$1\n${supportMatrix()}\n$2`));

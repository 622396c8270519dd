import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { buildPackage, packPackage } from "./build-package.ts";

// `npm run build:package` makes the folder that `npm publish` takes, and beside it the file that npm installs from;
// `-- --out folder` puts them elsewhere.

const { out } = parseArgs({ options: { out: { type: "string", default: "dist/package" } } }).values;
const folder = resolve(out);
await buildPackage(folder);
process.stdout.write(`${await packPackage(folder)}\n`);

import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { buildPackage } from "./build-package.ts";

// `npm run build:package` makes the folder that `npm publish` takes; `-- --out folder` puts it elsewhere.

const { out } = parseArgs({ options: { out: { type: "string", default: "dist/package" } } }).values;
await buildPackage(resolve(out));
process.stdout.write(`${resolve(out)}\n`);

import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import packageJson from "../package.json" with { type: "json" };
import { writeBillOfMaterials } from "./bill-of-materials.ts";
import { buildBinary, bundleApplication, hostTarget } from "./build-binary.ts";
import { nodeInside, packagesInside } from "./inside.ts";
import { platformNode } from "./platform-node.ts";
import { type TargetName, targetNames, targets } from "./targets.ts";
import { writeLicenses } from "./write-licenses.ts";
import { writeSums } from "./write-sums.ts";

// `npm run build:binary` builds the executable for this machine; `-- --target linux-arm64` another one (it can be given
// several times), `-- --target all` each. Beside them it writes their hashes, and what is inside them.

const { target: wanted, out } = parseArgs({
  options: {
    target: { type: "string", multiple: true, default: [] as string[] },
    out: { type: "string", default: "dist" },
  },
}).values;

const folder = resolve(out);
const work = await mkdtemp(join(tmpdir(), "interactions-hub-build-"));
try {
  await mkdir(folder, { recursive: true });
  const application = await bundleApplication(work);
  for (const name of chosen(wanted)) {
    const path = join(
      folder,
      `interactions-hub-${packageJson.version}-${name}${targets[name].format === "pe" ? ".exe" : ""}`,
    );
    await buildBinary(application, name, path);
    say(`${path} ${((await stat(path)).size / 1e6).toFixed(1)} MB`);
  }
  const inside = [await nodeInside(await platformNode(hostTarget())), ...(await packagesInside(application.metafile))];
  const about = {
    "LICENSES.txt": writeLicenses(inside),
    [`interactions-hub-${packageJson.version}.cdx.json`]: writeBillOfMaterials(inside),
  };
  for (const [name, text] of Object.entries(about)) await writeFile(join(folder, name), text);
  await writeSums(folder);
} finally {
  await rm(work, { recursive: true, force: true });
}

function chosen(names: readonly string[]): TargetName[] {
  if (names.length === 0) return [hostTarget()];
  if (names.includes("all")) return targetNames;
  return names.map((name) => {
    const known = targetNames.find((one) => one === name);
    if (known === undefined) throw new Error(`There is no target "${name}", only ${targetNames.join(", ")} and all.`);
    return known;
  });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

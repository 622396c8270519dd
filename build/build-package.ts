import { chmod, copyFile, cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import packageJson from "../package.json" with { type: "json" };
import { settings } from "../server/configuration/schema.ts";
import { oldestNode } from "../server/entries/oldest-node.ts";
import { bundle, prebuiltAddons, root } from "./bundle.ts";
import { writeDeclarations } from "./declarations.ts";
import { packagesInside } from "./inside.ts";
import { writeLicenses } from "./write-licenses.ts";

const { name, version, description, license, optionalDependencies } = packageJson;

/**
 * Makes the folder that is published to npm: bundles that need no other package, so that nothing newer than what was tested
 * can get into them, the addon for every platform, and declarations. Its only dependencies are the packaged Nodes, each
 * in one version, for machines whose own is too old.
 */
export async function buildPackage(folder: string): Promise<Metafile> {
  const library = join(folder, "lib");
  await rm(folder, { recursive: true, force: true });
  await mkdir(library, { recursive: true });
  const metafile = await bundle({
    entryPoints: { main: "server/main.ts", "start-hub": "server/entries/start-hub.ts" },
    folder: library,
  });
  await Promise.all([
    cp(prebuiltAddons, join(folder, "prebuilds"), { recursive: true }),
    copyFile(join(root, "server", "launch.mjs"), join(library, "launch.mjs")),
    copyFile(join(root, "README.md"), join(folder, "README.md")),
    copyFile(join(root, "LICENSE"), join(folder, "LICENSE")),
    writeFile(join(library, "start-hub.d.mts"), writeDeclarations(settings)),
    writeFile(join(folder, "LICENSES.txt"), writeLicenses(await packagesInside(metafile))),
    writeFile(join(folder, "package.json"), `${JSON.stringify(manifest(), undefined, 2)}\n`),
  ]);
  await chmod(join(library, "launch.mjs"), 0o755);
  return metafile;
}

function manifest(): object {
  return {
    name,
    version,
    description,
    license,
    type: "module",
    bin: { [name]: "lib/launch.mjs" },
    exports: {
      ".": { types: "./lib/start-hub.d.mts", default: "./lib/start-hub.mjs" },
      "./package.json": "./package.json",
    },
    files: ["lib", "prebuilds", "LICENSES.txt"],
    // The command brings a newer Node along where it is needed; whoever imports the package needs this one.
    engines: { node: `>=${oldestNode}` },
    optionalDependencies,
  };
}

import { execFile } from "node:child_process";
import { chmod, copyFile, cp, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Metafile } from "esbuild";
import packageJson from "../package.json" with { type: "json" };
import { settings } from "../server/configuration/schema.ts";
import { bundle, prebuiltAddons, root } from "./bundle.ts";
import { writeDeclarations } from "./declarations.ts";
import { packagesInside } from "./inside.ts";
import { writeLicenses } from "./write-licenses.ts";

const run = promisify(execFile);
const { name, version, description, license, optionalDependencies } = packageJson;

/** What npm's command runs first, as it stands: an old Node runs it too. */
const launcher = ["launch.mjs", "fetch-node.mjs", "startable-node.mjs", "remove-libatomic.mjs"];

/** What the README refers to. */
const documents = [
  "README.md",
  "LICENSE",
  "docs/export-format.md",
  "schema/generated/export.schema.json",
  "schema/generated/openapi.json",
  "schema/generated/schema.graphql",
];

/**
 * Makes the folder that is published to npm: bundles that need no other package, so that nothing newer than what was tested
 * can get into them, the addon for every platform, and declarations. It depends on nothing: a Node for machines whose own
 * is too old is fetched by the launcher, in the one version that the manifest names.
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
    ...launcher.map((file) => copyFile(join(root, "server", file), join(library, file))),
    ...documents.map((file) => cp(join(root, file), join(folder, file))),
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
    files: ["lib", "prebuilds", "docs", "schema", "LICENSES.txt"],
    // The command fetches a newer Node where it is needed; `startHub` says itself that it needs one.
    engines: { node: ">=20" },
    packagedNode: packagedNode(),
  };
}

/** The version in which all packages of Node are locked. */
function packagedNode(): string {
  const [locked, ...others] = new Set(Object.values(optionalDependencies));
  if (locked === undefined || others.length > 0) throw new Error("The packages of Node are not all of one version.");
  return locked;
}

/** Packs the folder into the one file that npm installs anywhere, beside the folder, and returns its path. */
export async function packPackage(folder: string): Promise<string> {
  const place = dirname(folder);
  const options = { cwd: folder, shell: process.platform === "win32" };
  const { stdout } = await run("npm", ["pack", "--silent", "--pack-destination", place], options);
  return join(place, stdout.trim().split("\n").at(-1) ?? "");
}

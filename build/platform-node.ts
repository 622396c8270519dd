import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "./bundle.ts";
import { type TargetName, targets } from "./targets.ts";

const run = promisify(execFile);

/** Node for one platform, as its package brings it. */
export type PlatformNode = { version: string; executable: string; folder: string };

type Locked = { version: string; integrity: string };

/**
 * Node for a target in the version of the lock file: the one that is installed, else one that is fetched, compared with
 * the lock file's hash, and kept for the next build. npm installs only the package for the machine it runs on.
 */
export async function platformNode(name: TargetName): Promise<PlatformNode> {
  const { nodePackage, nodePath } = targets[name];
  const { version, integrity } = await lockedPackage(nodePackage);
  const installed = join(root, "node_modules", nodePackage);
  if ((await versionIn(installed)) === version) {
    return { version, folder: installed, executable: join(installed, nodePath) };
  }
  const cache = join(root, "node_modules", ".cache", "platform-node");
  const folder = join(cache, `${nodePackage}-${version}`);
  if (!existsSync(folder)) await fetchPackage(cache, folder, `${nodePackage}@${version}`, integrity);
  return { version, folder, executable: join(folder, nodePath) };
}

async function fetchPackage(cache: string, folder: string, specifier: string, integrity: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const place = await mkdtemp(join(cache, "fetched-"));
  try {
    const flags = ["--silent", "--ignore-scripts", "--pack-destination", place];
    const { stdout } = await run("npm", ["pack", specifier, ...flags], {
      cwd: place,
      shell: process.platform === "win32",
    });
    const archive = join(place, stdout.trim().split("\n").at(-1) ?? "");
    const [algorithm = "", expected] = integrity.split(/-(.*)/s);
    const found = createHash(algorithm)
      .update(await readFile(archive))
      .digest("base64");
    if (found !== expected) throw new Error(`${specifier} is not the one of the lock file: its hash is ${found}.`);
    await run("tar", ["-xzf", archive, "-C", place]);
    await rename(join(place, "package"), folder);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function lockedPackage(name: string): Promise<Locked> {
  const lock = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8")) as {
    packages: { [path: string]: Partial<Locked> };
  };
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (version === undefined || integrity === undefined) throw new Error(`${name} is not in the lock file.`);
  return { version, integrity };
}

async function versionIn(folder: string): Promise<string | undefined> {
  try {
    return (JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as { version?: string }).version;
  } catch {
    return undefined;
  }
}

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";
import { oldestNode } from "../server/entries/oldest-node.ts";
import { removeLibatomic } from "../server/remove-libatomic.mjs";
import { startableNode } from "../server/startable-node.mjs";
import { bundle, prebuiltAddons, root } from "./bundle.ts";
import { platformNode } from "./platform-node.ts";
import { signMachO } from "./sign-mach-o.ts";
import { type TargetName, targets } from "./targets.ts";
import { trimElf } from "./trim-elf.ts";

const run = promisify(execFile);

/** The hub, bundled for executables: files by the names that they are embedded under, and what went into them. */
export type Application = { folder: string; main: string; assets: Record<string, string>; metafile: Metafile };

/** From this many bytes on a file is embedded compressed. Only GraphiQL is that large, which most never look at. */
const LARGE = 2 ** 21;
/** Bytes written at once. */
const PIECE = 2 ** 16;

/** Bundles what all executables have in common, into a folder. */
export async function bundleApplication(folder: string): Promise<Application> {
  const files = join(folder, "files");
  const metafile = await bundle({
    entryPoints: { main: "server/main.ts" },
    folder: files,
    nativeBinding: "server/entries/embedded-addon.ts",
    minify: true,
  });
  const assets: Record<string, string> = {};
  for (const name of (await readdir(files)).sort()) {
    const path = join(files, name);
    const bytes = await readFile(path);
    if (bytes.length < LARGE) {
      assets[name] = path;
    } else {
      await writeFile(`${path}.gz`, compress(bytes));
      assets[`${name}.gz`] = `${path}.gz`;
    }
  }
  const main = join(folder, "executable.cjs");
  await build({
    absWorkingDir: root,
    entryPoints: ["server/entries/executable.ts"],
    outfile: main,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: `node${oldestNode}`,
  });
  return { folder, main, assets, metafile };
}

/** Makes the executable for one target. The same sources and the same lock file give the same bytes, on any machine. */
export async function buildBinary(application: Application, name: TargetName, output: string): Promise<void> {
  const { addon, format } = targets[name];
  const work = await mkdtemp(join(tmpdir(), "interactions-hub-build-"));
  try {
    const [builder, node] = await Promise.all([platformNode(hostTarget()), platformNode(name)]);
    if (builder.version !== node.version) {
      throw new Error(`Node is ${builder.version} here and ${node.version} for ${name}: executables need one version.`);
    }
    const original = await readFile(node.executable);
    const executable = join(work, "node");
    await writeFile(executable, format === "elf" ? trimElf(original) : original, { mode: 0o755 });
    const addonPath = join(prebuiltAddons, `${addon}.node`);
    const hash = createHash("sha256")
      .update(await readFile(addonPath))
      .digest("hex");
    const config = {
      // The executable remembers it, and must not remember a folder of this machine.
      main: basename(application.main),
      executable,
      output: join(work, "result"),
      disableExperimentalSEAWarning: true,
      // Options of Node in somebody's environment are meant for their own programs.
      execArgvExtension: "none",
      assets: { ...application.assets, [`better-sqlite3-${hash}.node`]: addonPath },
    };
    await writeFile(join(work, "config.json"), JSON.stringify(config));
    const builderNode = await startableNode(builder.executable);
    await run(builderNode, ["--build-sea", join(work, "config.json")], { cwd: application.folder, env: {} });
    const result = await readFile(config.output);
    // Only now: what puts the application in sorts the table of symbols anew when one of them has become local.
    if (format === "elf") removeLibatomic(result);
    await writePieces(output, format === "mach-o" ? signMachO(result, "interactions-hub") : result);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The header of zlib names the system that it runs on, and the bytes shall be the same on any: 255 is an unknown one. */
function compress(bytes: Buffer): Buffer {
  const compressed = gzipSync(bytes, { level: 9 });
  compressed[9] = 255;
  return compressed;
}

/** The target that is this machine. */
export function hostTarget(): TargetName {
  const name = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  if (name in targets) return name as TargetName;
  throw new Error(`Binaries cannot be built on ${name}, for which there is no packaged Node.`);
}

/**
 * Some file systems remember the size of the pieces that a file was written in, and load as much at once when it runs: a
 * file written in one go then takes half as much memory again.
 */
async function writePieces(path: string, bytes: Buffer): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
  }
  await rm(path, { force: true });
  await writeFile(path, pieces());
  await chmod(path, 0o755);
}

import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Scripts that the bench starts. */
export type Scripts = {
  /** The hub as users get it: one bundle. */
  bundle: string;
  /** The hub as developers run it: the sources. */
  sources: string;
  bareServer: string;
  upstreamServer: string;
  pipeServer: string;
  reportUsage: string;
};

/**
 * Bundles the hub, and what is measured beside it, so that neither pays for the stripping of types. The folder is made anew,
 * in the root, where `../migrations` and the driver of the database are found from it.
 */
export async function buildScripts(name = ".bundle"): Promise<Scripts> {
  const folder = join(root, name);
  await rm(folder, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: {
      main: "server/main.ts",
      "bare-server": "bench/bare-server.ts",
      "upstream-server": "bench/upstream-server.ts",
      "pipe-server": "bench/pipe-server.ts",
      "report-usage": "bench/report-usage.ts",
    },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node24",
    external: ["better-sqlite3"],
    // Some dependencies are CommonJS and ask for Node's own modules.
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
  });
  return {
    bundle: join(folder, "main.mjs"),
    sources: join(root, "server", "main.ts"),
    bareServer: join(folder, "bare-server.mjs"),
    upstreamServer: join(folder, "upstream-server.mjs"),
    pipeServer: join(folder, "pipe-server.mjs"),
    reportUsage: join(folder, "report-usage.mjs"),
  };
}

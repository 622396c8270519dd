import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { bundle, prebuiltAddons, root } from "../build/bundle.ts";

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
 * Bundles the hub as the npm package has it, and what is measured beside it, so that neither pays for the stripping of
 * types. The folder is made anew, in the root.
 */
export async function buildScripts(name = ".bundle"): Promise<Scripts> {
  await rm(join(root, name), { recursive: true, force: true });
  const folder = join(root, name, "lib");
  await bundle({
    entryPoints: {
      main: "server/main.ts",
      "bare-server": "bench/bare-server.ts",
      "upstream-server": "bench/upstream-server.ts",
      "pipe-server": "bench/pipe-server.ts",
      "report-usage": "bench/report-usage.ts",
    },
    folder,
  });
  await cp(prebuiltAddons, join(root, name, "prebuilds"), { recursive: true });
  return {
    bundle: join(folder, "main.mjs"),
    sources: join(root, "server", "main.ts"),
    bareServer: join(folder, "bare-server.mjs"),
    upstreamServer: join(folder, "upstream-server.mjs"),
    pipeServer: join(folder, "pipe-server.mjs"),
    reportUsage: join(folder, "report-usage.mjs"),
  };
}

import { dirname } from "node:path";
import { build } from "esbuild";
import { literalMigrations } from "../../build/bundle.ts";
import { buildScripts, type Scripts } from "../bundle.ts";

/** Scripts that this bench starts, beside those of the other one. */
export type GraphqlScripts = Scripts & { mercuriusServer: string; broadcastServer: string; subscribers: string };

const own = ["mercurius-server", "broadcast-server", "subscribers"] as const;

/** Bundles the hub as users get it, and beside it our own part of what it is compared with; packages stay where they are. */
export async function buildGraphqlScripts(): Promise<GraphqlScripts> {
  const scripts = await buildScripts();
  const folder = dirname(scripts.bundle);
  await build({
    entryPoints: own.map((name) => `${import.meta.dirname}/${name}.ts`),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node24",
    plugins: [literalMigrations()],
  });
  const [mercuriusServer, broadcastServer, subscribers] = own.map((name) => `${folder}/${name}.mjs`);
  if (!mercuriusServer || !broadcastServer || !subscribers) throw new Error("A script was not built.");
  return { ...scripts, mercuriusServer, broadcastServer, subscribers };
}

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { build, type Metafile, type Plugin } from "esbuild";
import { oldestNode } from "../server/entries/oldest-node.ts";

const require = createRequire(import.meta.url);

/** The root of the sources. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export type BundleOptions = {
  /** Names of the files to be made, without ending, and the sources that they are made of. */
  entryPoints: Record<string, string>;
  folder: string;
  /** The file of `server/entries` that finds the addon of the database; else the driver finds it in `../prebuilds`. */
  nativeBinding?: string;
  minify?: boolean;
};

/**
 * Bundles programs with all that they import, for Node to run as it is. What is loaded late stays in files of its own. The
 * same sources give the same bytes.
 */
export async function bundle({ entryPoints, folder, nativeBinding, minify = false }: BundleOptions): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    metafile: true,
    platform: "node",
    format: "esm",
    target: `node${oldestNode}`,
    minifyWhitespace: minify,
    minifySyntax: minify,
    legalComments: "none",
    logLevel: "warning",
    plugins: [
      literalMigrations(),
      oneLocale(),
      globalProcess(),
      ...(nativeBinding === undefined ? [] : [otherBinding(nativeBinding)]),
    ],
    // Some dependencies are CommonJS: they ask for Node's own modules, and for the folder that they are in.
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url), __dirname = import.meta.dirname;',
    },
  });
  return metafile;
}

/** The folder of the prebuilt addons of the database, one file a platform. */
export const prebuiltAddons = join(dirname(require.resolve("better-sqlite3/package.json")), "prebuilds");

/** A bundle has no folder of migrations beside it: it carries them. */
export function literalMigrations(): Plugin {
  return {
    name: "literal-migrations",
    setup({ onLoad }) {
      onLoad({ filter: ours("db/migrations.ts") }, () => {
        const migrations = readMigrationFiles({ migrationsFolder: join(root, "migrations") });
        return { contents: `export const readMigrations = () => ${JSON.stringify(migrations)};`, loader: "js" };
      });
    },
  };
}

/** zod brings its messages in fifty languages, of which it speaks English unless told otherwise, and nobody tells it. */
function oneLocale(): Plugin {
  return {
    name: "one-locale",
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({
        contents: 'export { default as en } from "./en.js";',
        loader: "js",
        resolveDir: dirname(path),
      }));
    },
  };
}

/**
 * An import of `node:process` makes everything ready that it exports, such as reports and standard input: 5 MB and some
 * milliseconds for what the global object has already.
 */
function globalProcess(): Plugin {
  return {
    name: "global-process",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^(?:node:)?process$/ }, ({ path }) => ({ path, namespace: "global-process" }));
      onLoad({ filter: /^/, namespace: "global-process" }, () => ({ contents: "module.exports = process;" }));
    },
  };
}

function otherBinding(path: string): Plugin {
  return {
    name: "native-binding",
    setup({ onLoad }) {
      onLoad({ filter: ours("server/native-binding.ts") }, () => ({
        contents: `export { nativeBinding } from ${JSON.stringify(`./${path}`)};`,
        loader: "js",
        resolveDir: root,
      }));
    },
  };
}

function ours(path: string): RegExp {
  return new RegExp(`^${RegExp.escape(join(root, path))}$`);
}

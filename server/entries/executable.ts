import { createRequire, registerHooks } from "node:module";
import { resolve } from "node:path";
import { getAsset, getAssetKeys, getRawAsset } from "node:sea";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";

// What a single executable runs first. It can hold one script only, and everything that is loaded late would be read at
// every start: so the bundle is embedded file by file, and Node is given each when it is imported. Their addresses are
// below the executable, where nothing can be.

// Where there is no /proc, Node knows only how it was called.
const executable = resolve(process.execPath);
const folder = `${pathToFileURL(executable)}/`;
const embedded = new Set(getAssetKeys());

registerHooks({
  resolve(specifier, context, next) {
    const isNear = specifier.startsWith("./") && context.parentURL?.startsWith(folder) === true;
    if (!isNear && !specifier.startsWith(folder)) return next(specifier, context);
    return { url: new URL(specifier, context.parentURL).href, format: "module", shortCircuit: true };
  },
  load(url, context, next) {
    if (!url.startsWith(folder)) return next(url, context);
    return { source: textOf(url.slice(folder.length)), format: "module", shortCircuit: true };
  },
});

createRequire(executable)(`${folder}main.mjs`);

function textOf(name: string): string {
  if (embedded.has(name)) return getAsset(name, "utf8");
  return gunzipSync(new Uint8Array(getRawAsset(`${name}.gz`))).toString("utf8");
}

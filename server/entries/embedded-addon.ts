import { getAssetKeys, getRawAsset } from "node:sea";
import { loadAddon } from "./load-addon.ts";

let loaded: Promise<object> | undefined;

/** The addon that the single executable carries, unpacked into a folder and verified. A process loads it once. */
export function nativeBinding(folder: string): Promise<object> {
  loaded ??= load(folder).catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  return loaded;
}

async function load(folder: string): Promise<object> {
  const name = getAssetKeys().find((key) => key.endsWith(".node"));
  if (name === undefined) throw new Error("The addon of the database was not built in.");
  return loadAddon(folder, { name, bytes: new Uint8Array(getRawAsset(name)) });
}

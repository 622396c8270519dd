import Database from "better-sqlite3";

/** Opens connections to SQLite files. Nothing else in the hub imports the addon. */
export type Driver = { connect(file: string, options?: Database.Options): Database.Database };

/** `nativeBinding` is the addon, or its path, where it is not found by itself: in bundles. */
export function createDriver(nativeBinding?: string | object): Driver {
  // The addon itself is accepted where its types know of a path only.
  const binding = nativeBinding === undefined ? {} : { nativeBinding: nativeBinding as string };
  return { connect: (file, options) => new Database(file, { ...options, ...binding }) };
}

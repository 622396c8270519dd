/** Where the addon of the database is, given a folder that it may be unpacked into. */
export type NativeBinding = (folder: string) => Promise<string | object>;

/** Absent here, because the driver finds its addon by itself. Builds put a file of `entries` in this file's place. */
export const nativeBinding: NativeBinding | undefined = undefined;

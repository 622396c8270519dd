import { open } from "node:fs/promises";
import type { NewFile } from "./tools.ts";

/** Writes a file that was begun. It has its name once it is whole and on the disk; if the work fails, nothing is left. */
export async function writeNewFile<T>(
  begun: NewFile,
  work: (write: (bytes: Uint8Array) => Promise<void>) => Promise<T>,
): Promise<T> {
  try {
    const file = await open(begun.partial, "r+");
    let done: T;
    try {
      done = await work(async (bytes) => {
        await file.writeFile(bytes);
      });
      await file.sync();
    } finally {
      await file.close();
    }
    begun.keep();
    return done;
  } catch (error) {
    begun.discard();
    throw begun.explain(error);
  }
}

import { constants } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { Configuration } from "../../configuration/schema.ts";
import { sizeText } from "../transcript/media-line.ts";
import { type Check, doubtful, well, wrong } from "./check.ts";

/** Bytes that should be free, and without which hardly anything can be stored. */
const PLENTY = 1e9;
const LEAST = 50e6;

/** Whether what is stored can be, and for how long. Nothing is made. */
export async function checkFolder({ db }: Pick<Configuration, "db">): Promise<Check[]> {
  if (db === ":memory:") return [well("data folder", "none: everything is in memory, and gone at the end")];
  const folder = dirname(db);
  const existing = await nearestFolder(folder);
  try {
    await access(existing, constants.W_OK | constants.X_OK);
  } catch {
    const advice = "make it writable for this user, or choose another with --data";
    return [wrong("data folder", `${existing} cannot be written`, advice)];
  }
  const made = existing === folder ? "" : " (the first start makes it)";
  return [well("data folder", `${folder}${made}`), await checkSpace(existing)];
}

async function checkSpace(folder: string): Promise<Check> {
  const { blocks, bavail, bsize } = await statfs(folder);
  // Some file systems do not tell.
  if (blocks === 0) return well("disk space", "this file system does not tell");
  const free = bavail * bsize;
  const finding = `${sizeText(free)} free`;
  if (free >= PLENTY) return well("disk space", finding);
  const advice = "make room, set a shorter retention, or move the data with --data";
  return free >= LEAST ? doubtful("disk space", finding, advice) : wrong("disk space", finding, advice);
}

async function nearestFolder(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined);
  const parent = dirname(folder);
  return found !== undefined || parent === folder ? folder : nearestFolder(parent);
}

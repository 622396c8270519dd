import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import packageJson from "../package.json" with { type: "json" };

/**
 * Writes `SHA256SUMS` into a folder: the hashes of all that was built there for this version, now and before, and of the
 * terms beside it, so that targets may be built one after the other.
 */
export async function writeSums(folder: string): Promise<void> {
  const own = `interactions-hub-${packageJson.version}`;
  const names = (await readdir(folder)).filter((name) => {
    return name.startsWith(`${own}-`) || name === `${own}.cdx.json` || name === "LICENSES.txt";
  });
  let sums = "";
  for (const name of names.sort()) sums += `${await hashOf(join(folder, name))}  ${name}\n`;
  await writeFile(join(folder, "SHA256SUMS"), sums);
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

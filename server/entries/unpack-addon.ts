import { constants } from "node:fs";
import { type FileHandle, lstat, mkdir, mkdtemp, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { ConfigurationError } from "../configuration/configuration-error.ts";
import { folderFailure } from "../configuration/folder-failure.ts";

/** A native addon as it is packed: its name, which tells its bytes apart from those of other versions, and its bytes. */
export type PackedAddon = { name: string; bytes: Uint8Array };

/** An unpacked addon whose bytes are the packed ones, held open so that nobody can put another in its place. */
export type UnpackedAddon = { path: string; file: FileHandle };

const partial = /^\.addon-/;
/** Milliseconds after which what somebody began to unpack is taken for abandoned. */
const ABANDONED = 60_000;
/** Bytes that are read at once. */
const PIECE = 2 ** 16;
/** How often it is tried again when another process tidies up in the same folder at the same moment. */
const ATTEMPTS = 5;

/**
 * Puts an addon into a folder, which is made if it is absent, unless it is there already; in both cases every byte is then
 * compared with the packed ones. Rejects with a `ConfigurationError` that names the folder where it cannot be written, and
 * where under the addon's name there is something that this user did not put there for themselves alone.
 */
export async function unpackAddon(folder: string, addon: PackedAddon): Promise<UnpackedAddon> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (let attempt = 1; ; attempt += 1) {
      try {
        return (await openVerified(folder, addon)) ?? (await unpack(folder, addon));
      } catch (error) {
        if (attempt >= ATTEMPTS || codeOf(error) !== "ENOENT") throw error;
      }
    }
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    throw new ConfigurationError(
      `data: cannot unpack the addon of the database into the folder ${folder} (${folderFailure(cause)}); choose another with --data`,
      { cause },
    );
  }
}

/** Removes what earlier versions unpacked here. What cannot be removed, because it is in use, stays for the next time. */
export async function removeOtherAddons(folder: string, { name }: PackedAddon): Promise<void> {
  const ours = new RegExp(`^${name.slice(0, name.lastIndexOf("-"))}-[0-9a-f]{64}\\.node$`);
  const names = await readdir(folder).catch(() => []);
  const others = names.filter((other) => other !== name && ours.test(other));
  await Promise.all(others.map((other) => rm(join(folder, other), { force: true }).catch(() => {})));
}

/** What is there already; `undefined` if nothing is, or if it is ours and was damaged. */
async function openVerified(folder: string, { name, bytes }: PackedAddon): Promise<UnpackedAddon | undefined> {
  const path = join(folder, name);
  let file: FileHandle;
  try {
    // Whoever opens a pipe waits for somebody to write into it, unless told not to.
    file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    if (codeOf(error) === "ELOOP") throw await refusal(path, "it is a symbolic link");
    if (codeOf(error) === "EACCES") throw await refusal(path, "it cannot be read");
    throw error;
  }
  try {
    await refuseForeign(path, file);
    if (bytes.length === (await file.stat()).size && (await holds(file, bytes))) return { path, file };
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return undefined;
}

async function refuseForeign(path: string, file: FileHandle): Promise<void> {
  const { mode, uid } = await file.stat();
  const isFile = (mode & constants.S_IFMT) === constants.S_IFREG;
  if (!isFile || (await lstat(path)).isSymbolicLink()) throw await refusal(path, "it is no regular file");
  // Elsewhere these words have no meaning, and folders of users are closed to others anyway.
  const user = process.geteuid?.();
  if (user === undefined) return;
  if (uid !== user) throw await refusal(path, "it is not this user's");
  if ((mode & 0o777) !== 0o600) throw await refusal(path, `its mode is ${(mode & 0o777).toString(8)}, not 600`);
}

/** Refuses a file system where whatever is unpacked would be refused at the next look, and at every other. */
async function refuseModeless(folder: string, file: FileHandle): Promise<void> {
  const user = process.geteuid?.();
  const { mode, uid } = await file.stat();
  if (user === undefined || (uid === user && (mode & 0o777) === 0o600)) return;
  throw new ConfigurationError(
    `data: the file system of the folder ${folder} keeps no modes or owners, so that others could change the addon of the database there; choose another with --data`,
  );
}

/** In pieces: memory for all of it would be kept until the next collection, which a hub at rest does not have. */
async function holds(file: FileHandle, bytes: Uint8Array): Promise<boolean> {
  const piece = Buffer.alloc(PIECE);
  let at = 0;
  while (at < bytes.length) {
    const { bytesRead } = await file.read(piece, 0, PIECE, at);
    if (bytesRead === 0 || piece.compare(bytes, at, at + bytesRead, 0, bytesRead) !== 0) return false;
    at += bytesRead;
  }
  return true;
}

/** Written whole under another name first: whoever finds it under its own name finds all of it. */
async function unpack(folder: string, addon: PackedAddon): Promise<UnpackedAddon> {
  const place = await mkdtemp(join(folder, ".addon-"));
  let refused: unknown;
  try {
    const next = join(place, addon.name);
    const file = await open(next, "wx", 0o600);
    try {
      // Some file systems refuse what they cannot keep, others take no notice of it.
      await file.chmod(0o600).catch(() => {});
      await refuseModeless(folder, file);
      await file.writeFile(addon.bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await removeAbandoned(folder, (await lstat(next)).mtimeMs);
    // Windows puts nothing in the place of a file that is loaded: another process may have been first with the same bytes.
    await rename(next, join(folder, addon.name)).catch((error: unknown) => {
      refused = error;
    });
  } finally {
    await rm(place, { recursive: true, force: true }).catch(() => {});
  }
  const unpacked = await openVerified(folder, addon);
  if (unpacked !== undefined) return unpacked;
  throw refused ?? Object.assign(new Error("It was changed at once."), { code: "ENOENT" });
}

/** Removes what killed processes left. `now` is the file system's own clock. */
async function removeAbandoned(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!partial.test(name)) continue;
    const place = join(folder, name);
    const found = await lstat(place).catch(() => undefined);
    if (found !== undefined && now - found.mtimeMs > ABANDONED) {
      await rm(place, { recursive: true, force: true }).catch(() => {});
    }
  }
}

/** What may be removed is one's own alone: that of another user is in use by them, or was put there to do harm. */
async function refusal(path: string, reason: string): Promise<ConfigurationError> {
  const user = process.geteuid?.();
  const owner = user === undefined ? undefined : (await lstat(path).catch(() => undefined))?.uid;
  return new ConfigurationError(
    owner === undefined || owner === user
      ? `data: ${path} is not loaded: ${reason}; remove it, and it is unpacked anew`
      : `data: ${path} is not loaded: ${reason}, and belongs to user ${owner}; run this as that user, or choose another folder with --data`,
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

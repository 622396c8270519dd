// Plain JavaScript, because the launcher runs it in old Node versions.
import { spawnSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";

const LIBRARY = "libatomic.so.1";
/** Where most distributions keep it. Elsewhere it takes a try to find out whether Node starts. */
const LIBRARY_FOLDERS = ["/usr/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"];
/** What the dynamic linker ends with where a library is missing. */
const NOT_LINKED = 127;
/** Bytes written at once: some file systems load as much at once when the file runs. */
const PIECE = 2 ** 16;
/** Milliseconds without a write after which a file is not being written but was left by a start that was killed. */
const LEFT = 600_000;

/**
 * The executable to start for a Node that npm installed on Linux, given its path: that one, or on a machine without libatomic a
 * copy that does without. The copy is made at the first start and kept in Node's package, with which npm removes it.
 * Throws an error with a text for people where it is needed and cannot be made.
 */
export async function startableNode(node) {
  if (LIBRARY_FOLDERS.some((folder) => existsSync(join(folder, LIBRARY)))) return node;
  const change = new URL("remove-libatomic.mjs", import.meta.url);
  const hash = createHash("sha256").update(readFileSync(change)).digest("hex").slice(0, 12);
  const folder = join(dirname(dirname(node)), `without-libatomic-${hash}`);
  const copy = join(folder, "node");
  // The change keeps the length, and a copy has its name only when it is whole.
  if (statSync(copy, { throwIfNoEntry: false })?.size === statSync(node).size) {
    removeLeft(folder);
    return copy;
  }
  const { status, stderr } = spawnSync(node, ["--version"], { encoding: "utf8" });
  if (status !== NOT_LINKED || !stderr.includes(LIBRARY)) return node;
  try {
    const { removeLibatomic } = await import(change.href);
    const file = readFileSync(node);
    removeLibatomic(file);
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, statSync(dirname(node)).mode);
    place(file, copy, statSync(node).mode);
  } catch (error) {
    throw new Error(
      `Node needs the library ${LIBRARY}, which this machine lacks, and a copy of Node that does without could not be made ` +
        `in ${folder}: ${error.message}\nInstall the library (the package libatomic1 of Debian and Ubuntu, libatomic of ` +
        "others) or Node 24, which does not need it, or start this once as somebody who may write there.",
    );
  }
  return copy;
}

/** Writes a file under its name only when all of it is on the disk. Who starts at the same time writes another, the same. */
function place(file, path, mode) {
  const unfinished = `${path}.${randomUUID()}`;
  try {
    const descriptor = openSync(unfinished, "wx", 0o700);
    try {
      for (let at = 0; at < file.length; ) {
        at += writeSync(descriptor, file, at, Math.min(PIECE, file.length - at));
      }
      fchmodSync(descriptor, mode);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(unfinished, path);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

function removeLeft(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const left = statSync(path, { throwIfNoEntry: false });
    if (name === "node" || left === undefined || Date.now() - left.mtimeMs < LEFT) continue;
    try {
      rmSync(path, { force: true });
    } catch {
      // Whoever may write here removes it with a later start.
    }
  }
}

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { hostTarget } from "../../../build/build-binary.ts";
import { prebuiltAddons } from "../../../build/bundle.ts";
import { targets } from "../../../build/targets.ts";
import { ConfigurationError } from "../../../server/configuration/configuration-error.ts";
import { loadAddon } from "../../../server/entries/load-addon.ts";
import { type PackedAddon, removeOtherAddons, unpackAddon } from "../../../server/entries/unpack-addon.ts";

let folder: string;
let data: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-addon-"));
  data = join(folder, "new", "data");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function packed(bytes: Uint8Array): PackedAddon {
  return { name: `better-sqlite3-${createHash("sha256").update(bytes).digest("hex")}.node`, bytes };
}

// Longer than what is read at once.
const addon = packed(Buffer.alloc(200_000, "an addon "));
const place = (): string => join(data, addon.name);

async function unpack(): Promise<string> {
  const { path, file } = await unpackAddon(data, addon);
  await file.close();
  return path;
}

async function refusal(): Promise<string> {
  const error = await unpack().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigurationError);
  return error instanceof Error ? error.message : "";
}

describe("unpacking the addon", () => {
  test("puts it into a folder of the user's own, for the user alone, and leaves nothing else there", async () => {
    expect(await unpack()).toBe(place());
    expect(readFileSync(place())).toEqual(addon.bytes);
    expect(readdirSync(data)).toEqual([addon.name]);
    expect([statSync(place()).mode & 0o777, statSync(data).mode & 0o777]).toEqual([0o600, 0o700]);
  });

  test("takes what is there already", async () => {
    await unpack();
    const { ino } = statSync(place());
    await unpack();
    expect(statSync(place()).ino).toBe(ino);
  });

  test.each([
    ["cut off", addon.bytes.subarray(0, 100_000)],
    ["changed in its last byte", Buffer.concat([addon.bytes.subarray(0, -1), Buffer.from("!")])],
    ["longer", Buffer.concat([addon.bytes, Buffer.from("!")])],
    ["empty", Buffer.alloc(0)],
  ])("puts it there anew where it is %s", async (_name, bytes) => {
    mkdirSync(data, { recursive: true });
    writeFileSync(place(), bytes, { mode: 0o600 });
    await unpack();
    expect(readFileSync(place())).toEqual(addon.bytes);
  });

  test("may be done by many at once, while others tidy up", async () => {
    const other = packed(Buffer.from("another version"));
    const work = Array.from({ length: 30 }, async () => {
      const { file } = await unpackAddon(data, addon);
      await file.close();
      await removeOtherAddons(data, addon);
      const second = await unpackAddon(data, other);
      await second.file.close();
    });
    await Promise.all(work);
    expect(readFileSync(place())).toEqual(addon.bytes);
    expect(readdirSync(data).filter((name) => name.startsWith("."))).toEqual([]);
  });

  test("holds what it verified, even if another is put in its place", async () => {
    const { path, file } = await unpackAddon(data, addon);
    writeFileSync(join(data, "evil"), "evil");
    renameSync(join(data, "evil"), path);
    expect(await file.readFile()).toEqual(addon.bytes);
    await file.close();
  });

  test("refuses a symbolic link, even to the right bytes", async () => {
    await unpack();
    renameSync(place(), join(folder, "elsewhere"));
    symlinkSync(join(folder, "elsewhere"), place());
    expect(await refusal()).toBe(
      `data: ${place()} is not loaded: it is a symbolic link; remove it, and it is unpacked anew`,
    );
  });

  test("refuses a folder of its name, and a file that others may change", async () => {
    mkdirSync(place(), { recursive: true });
    expect(await refusal()).toContain("it is no regular file");
    rmSync(place(), { recursive: true });
    await unpack();
    chmodSync(place(), 0o660);
    expect(await refusal()).toContain("its mode is 660, not 600");
  });

  test.skipIf(process.geteuid?.() !== 0)("refuses a file of another user (only root can make one)", async () => {
    await unpack();
    chownSync(place(), 12_345, 12_345);
    // The user's own hub may be running on it: nobody is told to remove it.
    expect(await refusal()).toBe(
      `data: ${place()} is not loaded: it is not this user's, and belongs to user 12345; run this as that user, or choose another folder with --data`,
    );
  });

  test.skipIf(process.platform === "win32")("refuses a pipe of its name at once", async () => {
    mkdirSync(data, { recursive: true });
    execFileSync("mkfifo", [place()]);
    expect(await refusal()).toContain("it is no regular file; remove it");
  });

  test.skipIf(process.platform === "win32").each([
    ["takes no notice of modes", undefined],
    ["refuses modes", "EPERM"],
  ])("refuses a file system that %s before anything lies there", async (_name, code) => {
    const handle = await open(join(folder, "any"), "w");
    const handles = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    const { chmod } = handles;
    const modeless = vi.spyOn(handles, "chmod").mockImplementation(async function (this: FileHandle) {
      await chmod.call(this, 0o777);
      if (code !== undefined) throw Object.assign(new Error("not permitted"), { code });
    });
    try {
      expect(await refusal()).toMatch(/keeps no modes or owners, .*choose another with --data$/);
      expect(readdirSync(data)).toEqual([]);
    } finally {
      modeless.mockRestore();
    }
  });

  test("says which folder it cannot write, and why", async () => {
    writeFileSync(join(folder, "new"), "a file");
    expect(await refusal()).toBe(
      `data: cannot unpack the addon of the database into the folder ${data} (a part of the path is a file); choose another with --data`,
    );
  });

  test("removes what earlier versions and killed processes left, and nothing else", async () => {
    mkdirSync(join(data, ".addon-killed"), { recursive: true });
    writeFileSync(join(data, ".addon-killed", addon.name), "half");
    utimesSync(join(data, ".addon-killed"), 1, 1);
    mkdirSync(join(data, ".addon-other"));
    const earlier = packed(Buffer.from("earlier")).name;
    for (const name of [earlier, "interactions-hub.db", "mine.node"]) writeFileSync(join(data, name), "");
    await unpack();
    await removeOtherAddons(data, addon);
    expect(readdirSync(data).sort()).toEqual([".addon-other", addon.name, "interactions-hub.db", "mine.node"].sort());
  });
});

describe("loading the addon", () => {
  test("says what to do where it cannot be loaded", async () => {
    await expect(loadAddon(data, addon)).rejects.toThrow(/^data: cannot load the addon .*\(noexec\), choose another/);
  });

  test("names it in full, even in a folder that is named from here", async () => {
    const error = await loadAddon(relative(process.cwd(), data), addon).catch((reason: Error) => reason.message);
    expect(error).toContain(`cannot load the addon of the database from ${place()} (`);
  });

  test("gives what it exports", async () => {
    const bytes = readFileSync(join(prebuiltAddons, `${targets[hostTarget()].addon}.node`));
    expect(await loadAddon(data, packed(bytes))).toHaveProperty("Database");
    expect(existsSync(join(data, packed(bytes).name))).toBe(true);
  });
});

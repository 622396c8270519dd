import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import * as files from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { unpackAddon } from "../../../server/entries/unpack-addon.ts";

// Windows lets nobody put a file in the place of one that is loaded. Here the system's answer is played.
vi.mock("node:fs/promises", async (original) => ({ ...(await original<typeof files>()), rename: vi.fn() }));

const addon = { name: "addon-1.node", bytes: Buffer.from("an addon") };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-addon-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function refuseToRename(meanwhile: () => void): void {
  vi.mocked(files.rename).mockImplementation(async () => {
    meanwhile();
    throw Object.assign(new Error("operation not permitted"), { code: "EPERM" });
  });
}

describe("an addon that another process has loaded meanwhile", () => {
  test("is taken if it is the same", async () => {
    refuseToRename(() => writeFileSync(join(folder, addon.name), addon.bytes, { mode: 0o600 }));
    const { file } = await unpackAddon(folder, addon);
    expect(await file.readFile()).toEqual(addon.bytes);
    await file.close();
    expect(readdirSync(folder)).toEqual([addon.name]);
  });

  test("is named with the system's reason if it is not", async () => {
    refuseToRename(() => {});
    await expect(unpackAddon(folder, addon)).rejects.toThrow(`into the folder ${folder} (permission denied)`);
  });
});

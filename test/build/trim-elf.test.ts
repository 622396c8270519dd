import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { prebuiltAddons } from "../../build/bundle.ts";
import { trimElf } from "../../build/trim-elf.ts";

/** Where each segment that is loaded begins and ends in the file. */
function loaded(file: Buffer): [number, number][] {
  const at = Number(file.readBigUInt64LE(32));
  return Array.from({ length: file.readUInt16LE(56) }, (_, index) => at + index * 56)
    .filter((segment) => file.readUInt32LE(segment) === 1)
    .map((segment) => {
      const from = Number(file.readBigUInt64LE(segment + 8));
      return [from, from + Number(file.readBigUInt64LE(segment + 32))];
    });
}

describe("an executable for Linux without its symbols", () => {
  test.each(["linux-x64", "linux-arm64", "linuxmusl-x64"])("has every loaded byte of %s in its place", (name) => {
    const file = readFileSync(join(prebuiltAddons, `${name}.node`));
    const trimmed = trimElf(file);
    expect(trimmed.length).toBeLessThan(file.length);
    expect(loaded(trimmed)).toEqual(loaded(file));
    for (const [from, to] of loaded(file)) {
      // The header says where the table of sections is, which has moved.
      const start = Math.max(from, 64);
      expect(trimmed.subarray(start, to).equals(file.subarray(start, to))).toBe(true);
    }
    expect(trimElf(trimmed)).toEqual(trimmed);
  });

  test.runIf(process.platform === "linux")("runs", () => {
    const folder = mkdtempSync(join(tmpdir(), "hub-trim-"));
    try {
      const trimmed = trimElf(readFileSync(process.execPath));
      writeFileSync(join(folder, "node"), trimmed, { mode: 0o755 });
      expect(execFileSync(join(folder, "node"), ["-p", "6 * 7"], { encoding: "utf8" })).toBe("42\n");
      expect(trimmed.includes(".symtab", trimmed.length - 10_000)).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("is refused where it is none", () => {
    expect(() => trimElf(Buffer.from("#!/bin/sh\nexit\n"))).toThrow("no little-endian 64-bit ELF file");
  });
});

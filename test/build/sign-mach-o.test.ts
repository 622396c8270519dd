import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { signMachO } from "../../build/sign-mach-o.ts";

const TEXT_AT = 0x1000;
const LINK_AT = 0x8000;

/** The least that is a Mach-O executable: a header, code, link data, and room for another load command or none. */
function machO({ linkLength = 5000, firstSection = TEXT_AT } = {}): Buffer {
  const file = Buffer.alloc(LINK_AT + linkLength, "code and data ");
  file.fill(0, 0, TEXT_AT);
  const header = [0xfeedfacf, 0x0100000c, 0, 2, 2, 152 + 72, 0, 0];
  for (const [index, word] of header.entries()) file.writeUInt32LE(word, index * 4);
  segment(file, 32, "__TEXT", { at: 0, length: LINK_AT, sections: 1 });
  file.writeUInt32LE(firstSection, 32 + 72 + 48);
  segment(file, 32 + 152, "__LINKEDIT", { at: LINK_AT, length: linkLength, sections: 0 });
  return file;
}

function segment(file: Buffer, at: number, name: string, range: { at: number; length: number; sections: number }) {
  file.writeUInt32LE(0x19, at);
  file.writeUInt32LE(72 + range.sections * 80, at + 4);
  file.write(name, at + 8, "latin1");
  file.writeBigUInt64LE(BigInt(range.at), at + 40);
  file.writeBigUInt64LE(BigInt(range.length), at + 48);
  file.writeUInt32LE(range.sections, at + 64);
}

/** Reads a signature as the system does: by the load command, the blob, and the page hashes in it. */
function verify(file: Buffer): { identifier: string; flags: number; wrongPages: number[] } {
  const at = 32 + 152 + 72;
  expect([file.readUInt32LE(16), file.readUInt32LE(20), file.readUInt32LE(at)]).toEqual([3, 152 + 72 + 16, 0x1d]);
  const limit = file.readUInt32LE(at + 8);
  expect(limit + file.readUInt32LE(at + 12)).toBe(file.length);
  expect(file.readUInt32BE(limit)).toBe(0xfade0cc0);
  const directory = file.subarray(limit + file.readUInt32BE(limit + 16));
  expect([directory.readUInt32BE(0), directory.readUInt32BE(32)]).toEqual([0xfade0c02, limit]);
  const [hashesAt, identifierAt, count] = [16, 20, 28].map((place) => directory.readUInt32BE(place)) as [
    number,
    number,
    number,
  ];
  expect(count).toBe(Math.ceil(limit / 4096));
  const hashOf = (page: number) =>
    createHash("sha256")
      .update(file.subarray(page * 4096, Math.min((page + 1) * 4096, limit)))
      .digest();
  const pages = Array.from({ length: count }, (_, page) => page);
  return {
    identifier: directory.toString("latin1", identifierAt, directory.indexOf(0, identifierAt)),
    flags: directory.readUInt32BE(12),
    wrongPages: pages.filter((page) => !hashOf(page).equals(directory.subarray(hashesAt + page * 32).subarray(0, 32))),
  };
}

describe("an ad-hoc signature", () => {
  test.each([5000, 4096, 5008, 1])("covers every page of a file whose link data has %i bytes", (linkLength) => {
    const signed = signMachO(machO({ linkLength }), "interactions-hub");
    expect(verify(signed)).toEqual({ identifier: "interactions-hub", flags: 0x20002, wrongPages: [] });
    const link = 32 + 152;
    expect(LINK_AT + Number(signed.readBigUInt64LE(link + 48))).toBe(signed.length);
    expect(signed.subarray(TEXT_AT, LINK_AT)).toEqual(machO().subarray(TEXT_AT, LINK_AT));
  });

  test("tells which page was changed afterwards", () => {
    const signed = signMachO(machO(), "interactions-hub");
    signed[0x3456] = (signed[0x3456] ?? 0) ^ 1;
    expect(verify(signed).wrongPages).toEqual([3]);
  });

  test("is refused to files that it would break", () => {
    const signed = signMachO(machO(), "interactions-hub");
    expect(() => signMachO(signed, "interactions-hub")).toThrow("signed already");
    expect(() => signMachO(machO({ firstSection: 32 + 152 + 72 + 8 }), "hub")).toThrow("no room for a signature");
    expect(() => signMachO(Buffer.concat([machO(), Buffer.alloc(8)]), "hub")).toThrow(
      "does not end with its link data",
    );
    expect(() => signMachO(Buffer.alloc(64), "hub")).toThrow("no 64-bit Mach-O file");
  });
});

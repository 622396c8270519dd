import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prebuiltAddons, root } from "../../build/bundle.ts";
import packageJson from "../../package.json" with { type: "json" };
import { removeLibatomic } from "../../server/remove-libatomic.mjs";

// It is done to the Nodes of npm's packages: this machine's, and the other one where a build has already fetched it.

const run = promisify(execFile);
const host = `linux-${process.arch}`;

function packagedNode(name: "linux-x64" | "linux-arm64"): string {
  const version = packageJson.optionalDependencies[`node-${name}`];
  const fetched = `node_modules/.cache/platform-node/node-${name}-${version}/bin/node`;
  return [join(root, `node_modules/node-${name}/bin/node`), join(root, fetched)].find(existsSync) ?? "";
}

const nodes = (["linux-x64", "linux-arm64"] as const)
  .map((name) => [name, packagedNode(name)] as const)
  .filter(([, path]) => path !== "");

/** What the sections say that a dynamic linker would do; `removeLibatomic` itself goes by the segments. */
function linkage(file: Buffer) {
  const u64 = (at: number): number => Number(file.readBigUInt64LE(at));
  const text = (at: number): string => file.toString("latin1", at, file.indexOf(0, at));
  const header = (index: number): number => u64(40) + index * 64;
  const names = u64(header(file.readUInt16LE(62)) + 24);
  const sections = new Map(
    Array.from({ length: file.readUInt16LE(60) }, (_, index) => {
      const at = header(index);
      return [text(names + file.readUInt32LE(at)), { at: u64(at + 24), size: u64(at + 32) }];
    }),
  );
  const section = (name: string) => sections.get(name) ?? { at: 0, size: 0 };
  const strings = section(".dynstr").at;

  const dynamic = section(".dynamic").at;
  const needed: string[] = [];
  let records = 0;
  for (let at = dynamic; u64(at) !== 0; at += 16) {
    if (u64(at) === 1) needed.push(text(strings + u64(at + 8)));
    if (u64(at) === 0x6fffffff) records = u64(at + 8);
  }

  const versions: string[] = [];
  let at = section(".gnu.version_r").at;
  for (let left = records; left > 0; left--) {
    let version = at + file.readUInt32LE(at + 8);
    for (let count = file.readUInt16LE(at + 2); count > 0; count--) {
      const name = `${text(strings + file.readUInt32LE(at + 4))} ${text(strings + file.readUInt32LE(version + 8))}`;
      versions.push(`${name} ${file.readUInt16LE(version + 6)}`);
      version += file.readUInt32LE(version + 12);
    }
    const next = file.readUInt32LE(at + 12);
    // The chain is exactly as long as the list says.
    expect(next === 0).toBe(left === 1);
    at += next;
  }

  const calls = section(".rela.plt");
  const symbols = Array.from({ length: calls.size / 24 }, (_, index) => file.readUInt32LE(calls.at + index * 24 + 12));
  const called = symbols.map((index) => {
    const entry = section(".dynsym").at + index * 24;
    return {
      name: text(strings + file.readUInt32LE(entry)),
      binding: file.readUInt8(entry + 4) >> 4,
      visibility: file.readUInt8(entry + 5),
      isDefined: file.readUInt16LE(entry + 6) !== 0,
      address: u64(entry + 8),
      version: file.readUInt16LE(section(".gnu.version").at + index * 2),
    };
  });
  return { needed, versions: versions.sort(), called };
}

/** Where an address is in the file, if it is in a segment of code. */
function inCode(file: Buffer, address: number): number | undefined {
  for (let index = 0; index < file.readUInt16LE(56); index++) {
    const at = 64 + index * 56;
    const [offset, from, size] = [8, 16, 32].map((field) => Number(file.readBigUInt64LE(at + field)));
    if (offset === undefined || from === undefined || size === undefined) continue;
    const isCode = file.readUInt32LE(at) === 1 && (file.readUInt32LE(at + 4) & 1) === 1;
    if (isCode && address >= from && address < from + size) return offset + address - from;
  }
  return undefined;
}

function without(file: Buffer): Buffer {
  const copy = Buffer.from(file);
  removeLibatomic(copy);
  return copy;
}

describe.each(nodes)("Node for %s without libatomic", (name, path) => {
  const original = readFileSync(path);
  const changed = without(original);

  test("wants every other library and version as before", () => {
    const [before, after] = [linkage(original), linkage(changed)];
    expect(before.needed).toContain("libatomic.so.1");
    expect(after.needed).toEqual(before.needed.filter((library) => library !== "libatomic.so.1"));
    expect(after.versions).toEqual(before.versions.filter((version) => !version.startsWith("libatomic.so.1 ")));
    expect(after.versions.length).toBe(before.versions.length - 1);
    const isOther = (call: { name: string }): boolean => call.name !== "__atomic_compare_exchange";
    expect(after.called.filter(isOther)).toEqual(before.called.filter(isOther));
  });

  test("has the function in its own code, for itself alone", () => {
    const call = linkage(changed).called.find((one) => one.name === "__atomic_compare_exchange");
    expect(call).toMatchObject({ binding: 0, visibility: 2, isDefined: true, version: 0 });
    const at = inCode(changed, call?.address ?? 0) ?? 0;
    const first = { "linux-x64": "f30f1efa4883ff08", "linux-arm64": "5f2403d51f2000f1" }[name];
    expect(changed.toString("hex", at, at + 8)).toBe(first);
    expect(inCode(original, call?.address ?? 0)).toBeUndefined();
  });

  test("is the same but for those places", () => {
    expect(changed.length).toBe(original.length);
    let differing = 0;
    for (let at = 0; at < original.length; at += 4096) {
      const [one, other] = [original.subarray(at, at + 4096), changed.subarray(at, at + 4096)];
      if (one.equals(other)) continue;
      for (const [index, byte] of one.entries()) if (byte !== other[index]) differing++;
    }
    expect(differing).toBeGreaterThan(0);
    expect(differing).toBeLessThan(700);
  });
});

const [, hostNode] = nodes.find(([name]) => name === host) ?? [];

describe.runIf(hostNode !== undefined)("the changed Node of this machine", () => {
  let folder: string;
  let node: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "hub-libatomic-"));
    node = join(folder, "node");
    writeFileSync(node, without(readFileSync(hostNode ?? "")), { mode: 0o755 });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("is linked without the library", async () => {
    const { stdout } = await run(node, [], { env: { LD_TRACE_LOADED_OBJECTS: "1" } });
    expect(stdout).toContain("libstdc++.so.6");
    expect(stdout).not.toContain("libatomic");
  });

  test("shares its tables of functions among threads that fill them at the same time", async () => {
    // (func (param i32) (result i32) local.get 0, i32.const 7, i32.add), forty times in one table.
    const bodies = "0700200041076a0b".repeat(40);
    const table = Array.from({ length: 40 }, (_, index) => index.toString(16).padStart(2, "0")).join("");
    const module =
      `0061736d01000000 010601 60017f017f 032928${"00".repeat(40)} 040401700028 0705010174 0100` +
      ` 092e01 00 41000b 28${table} 0ac10228${bodies}`;
    writeFileSync(
      join(folder, "threads.cjs"),
      `const { isMainThread, Worker, workerData } = require("node:worker_threads");
      if (isMainThread) {
        const workerData = Buffer.from("${module.replaceAll(" ", "")}", "hex");
        for (let count = 0; count < 6; count++) {
          new Worker(__filename, { workerData }).on("exit", (code) => console.log(code));
        }
      } else {
        for (let round = 0; round < 150; round++) {
          const { t } = new WebAssembly.Instance(new WebAssembly.Module(workerData)).exports;
          for (let index = 0; index < 40; index++) if (t.get(index)(round) !== round + 7) throw new Error("wrong");
          if (round % 25 === 0) gc();
        }
      }`,
    );
    const { stdout } = await run(node, ["--expose-gc", join(folder, "threads.cjs")]);
    expect(stdout).toBe("0\n".repeat(6));
  }, 30_000);
});

describe.runIf(hostNode !== undefined)("what is no such executable is refused, and left as it was", () => {
  const original = hostNode === undefined ? Buffer.alloc(0) : readFileSync(hostNode);
  const symbol = original.indexOf("__atomic_compare_exchange\0");
  const codeEnd = (file: Buffer): number => {
    const at = 64 + 56 * 3;
    return Number(file.readBigUInt64LE(at + 8) + file.readBigUInt64LE(at + 32));
  };

  const cases: [string, string, (file: Buffer) => Buffer][] = [
    ["a script", "no little-endian 64-bit ELF file", () => Buffer.from(`#!/bin/sh\n${"exit\n".repeat(20)}`)],
    ["nothing", "no little-endian 64-bit ELF file", () => Buffer.alloc(0)],
    ["a library", "no executable with fixed addresses", () => readFileSync(join(prebuiltAddons, `${host}.node`))],
    ["one for another processor", "for x64 or arm64", (file) => file.fill(3, 18, 19)],
    ["a short beginning", "its list of segments is cut off", (file) => file.subarray(0, 200)],
    ["a beginning", "a segment is cut off", (file) => file.subarray(0, 90_000_000)],
    ["one that was changed before", "does not need libatomic.so.1", without],
    [
      "one that uses another function",
      "it uses __atomic_compare_exchangf of",
      (file) => file.fill("f", symbol + 24, symbol + 25),
    ],
    ["one whose code fills its last page", "no room", (file) => file.fill(0xcc, codeEnd(file), codeEnd(file) + 32)],
  ];
  test.each(cases)("%s", (_name, message, make) => {
    const file = make(Buffer.from(original));
    const before = Buffer.from(file);
    expect(() => removeLibatomic(file)).toThrow(message);
    expect(file.equals(before)).toBe(true);
  });
});

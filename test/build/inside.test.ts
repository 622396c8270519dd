import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeBillOfMaterials } from "../../build/bill-of-materials.ts";
import { bundleApplication, hostTarget } from "../../build/build-binary.ts";
import { type Inside, nodeInside, packagesInside } from "../../build/inside.ts";
import { platformNode } from "../../build/platform-node.ts";
import { writeLicenses } from "../../build/write-licenses.ts";
import packageJson from "../../package.json" with { type: "json" };

let folder: string;
let assets: Record<string, string>;
let inside: Inside[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hub-inside-"));
  const application = await bundleApplication(folder);
  assets = application.assets;
  inside = [await nodeInside(await platformNode(hostTarget())), ...(await packagesInside(application.metafile))];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("what is inside", () => {
  test("does not tell on which system it was built", () => {
    const [compressed = "", ...more] = Object.keys(assets).filter((name) => name.endsWith(".gz"));
    expect(more).toEqual([]);
    const bytes = readFileSync(assets[compressed] ?? "");
    // Ten bytes come before the data: no time, no name, and no system.
    expect([...bytes.subarray(0, 10)]).toEqual([31, 139, 8, 0, 0, 0, 0, 0, 2, 255]);
    expect(gunzipSync(bytes).length).toBeGreaterThan(bytes.length);
  });

  test("is every dependency, what they depend on, Node, and SQLite", () => {
    const names = inside.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(packageJson.dependencies)));
    expect(names).toEqual(expect.arrayContaining(["node", "sqlite", "node-addon-api", "on-exit-leak-free"]));
    expect(names.filter((name) => name in packageJson.devDependencies)).toEqual([]);
  });

  test("comes with its terms", () => {
    const text = writeLicenses(inside);
    for (const { name, version } of inside) expect(text).toContain(`${name} ${version}`);
    expect(text).toContain("Permission is hereby granted");
    expect(text).toContain("- OpenSSL, located at deps/openssl");
    expect(inside.filter((one) => one.text === undefined).length).toBeLessThan(20);
  });

  test("is told in a bill of materials that is the same each time", () => {
    const written = writeBillOfMaterials(inside);
    expect(writeBillOfMaterials(inside.toReversed())).toBe(written);
    const bill = JSON.parse(written);
    expect(bill).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6" });
    expect(bill).not.toHaveProperty("serialNumber");
    expect(bill.metadata).not.toHaveProperty("timestamp");
    expect(bill.components).toHaveLength(inside.length);
    const driver = bill.components.find((one: { name: string }) => one.name === "better-sqlite3");
    expect(driver.hashes).toEqual([{ alg: "SHA-512", content: expect.stringMatching(/^[0-9a-f]{128}$/) }]);
  });
});

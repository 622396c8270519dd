import { execFile, execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { root } from "../../build/bundle.ts";
import { removeLibatomic } from "../../server/remove-libatomic.mjs";
import { startableNode } from "../../server/startable-node.mjs";

const run = promisify(execFile);
const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
const nodePackage = `node-linux-${process.arch}`;
const packaged = join(root, "node_modules", nodePackage, "bin", "node");

describe("on a machine where the packaged Node starts", () => {
  test.skipIf(process.platform === "win32")("it is started as it is, and nothing is written", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hub-startable-"));
    try {
      mkdirSync(join(folder, "bin"));
      const node = join(folder, "bin", "node");
      writeFileSync(node, "#!/bin/sh\necho v26.10.0\n", { mode: 0o755 });
      expect(await startableNode(node)).toBe(node);
      expect(readdirSync(folder)).toEqual(["bin"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

// A root directory with what Node needs but libatomic, which only the system's administrator can enter.
const canChangeRoot = existsSync(packaged) && spawnSync("chroot", ["/", "true"], { env }).status === 0;

describe.runIf(canChangeRoot)("on a machine without libatomic (as root, on Linux)", () => {
  let bare: string;
  /** Node's package, as those see it who are inside. */
  const inside = `/app/node_modules/${nodePackage}`;
  const outside = (path: string): string => join(bare, path);
  const copies = (): string[] => readdirSync(outside(inside)).filter((name) => name !== "bin");

  /** Asks there for the Node to start, and starts it. */
  async function start(identity = "0:0"): Promise<{ node: string; printed: string }> {
    const program = `
      const { startableNode } = await import("/app/lib/startable-node.mjs");
      console.log(await startableNode("${inside}/bin/node"));`;
    const flags = ["--userspec", identity, bare];
    const asked = await run("chroot", [...flags, "/runner", "--input-type=module", "-e", program], { env });
    const node = asked.stdout.trim();
    return { node, printed: (await run("chroot", [...flags, node, "-p", "6 * 7"], { env })).stdout };
  }

  beforeAll(() => {
    bare = mkdtempSync(join(tmpdir(), "hub-bare-"));
    chmodSync(bare, 0o755);
    const runner = readFileSync(packaged);
    removeLibatomic(runner);
    writeFileSync(outside("/runner"), runner, { mode: 0o755 });
    const linked = execFileSync(outside("/runner"), { encoding: "utf8", env: { LD_TRACE_LOADED_OBJECTS: "1" } });
    for (const [library] of linked.matchAll(/\/\S+(?= \()/g)) {
      mkdirSync(outside(dirname(library)), { recursive: true });
      copyFileSync(library, outside(library));
    }
    for (const folder of ["/dev", "/app/lib", `${inside}/bin`]) mkdirSync(outside(folder), { recursive: true });
    writeFileSync(outside("/dev/null"), "");
    for (const name of ["startable-node.mjs", "remove-libatomic.mjs"]) {
      copyFileSync(join(root, "server", name), outside(`/app/lib/${name}`));
    }
    copyFileSync(packaged, outside(`${inside}/bin/node`));
  });
  afterAll(() => rmSync(bare, { recursive: true, force: true }));
  beforeEach(() => {
    for (const name of copies()) rmSync(outside(`${inside}/${name}`), { recursive: true });
  });

  test("the packaged Node does not start", async () => {
    await expect(run("chroot", [bare, `${inside}/bin/node`, "--version"], { env })).rejects.toMatchObject({
      code: 127,
    });
  });

  test("a copy is made in the package, which starts, and which the next start finds", async () => {
    const { node, printed } = await start();
    expect(printed).toBe("42\n");
    expect(node).toMatch(/^\/app\/node_modules\/node-linux-[a-z0-9]+\/without-libatomic-[0-9a-f]{12}\/node$/);
    const made = statSync(outside(node));
    expect(await start()).toEqual({ node, printed });
    expect(statSync(outside(node))).toMatchObject({ ino: made.ino, mtimeMs: made.mtimeMs });
    // Somebody else runs it too.
    expect(await start("65534:65534")).toEqual({ node, printed });
  });

  test("starts at the same time agree on one", async () => {
    const all = await Promise.all([start(), start(), start()]);
    expect(new Set(all.map(({ node, printed }) => `${node} ${printed}`)).size).toBe(1);
    expect(readdirSync(outside(dirname(all[0].node)))).toEqual(["node"]);
  });

  test("what a killed start left is no copy, and is removed once nobody can be writing it", async () => {
    const { node } = await start();
    const folder = outside(dirname(node));
    writeFileSync(outside(node), "half of it");
    for (const name of ["node.old", "node.new"]) writeFileSync(join(folder, name), "half of it");
    utimesSync(join(folder, "node.old"), new Date(0), new Date(0));
    expect(await start()).toEqual({ node, printed: "42\n" });
    await start();
    expect(readdirSync(folder).sort()).toEqual(["node", "node.new"]);
  });

  test("who may not write there reads what to install", async () => {
    const failed = await start("65534:65534").catch((error: { stderr: string }) => error);
    expect(failed).toMatchObject({
      stderr: expect.stringMatching(
        /libatomic\.so\.1, which this machine lacks.* EACCES.*\nInstall the library .*libatomic1/,
      ),
    });
    expect(copies()).toEqual([]);
  });
});

import { execFile, execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostTarget } from "../../build/build-binary.ts";
import { buildPackage } from "../../build/build-package.ts";
import { targets } from "../../build/targets.ts";
import packageJson from "../../package.json" with { type: "json" };
import { refuseOldNode } from "../../server/entries/oldest-node.ts";

// The package's command on a machine whose own Node is too old, with a registry that has a Node as small as can be: a script
// that hands over to the one that runs these tests.

const { nodePackage } = targets[hostTarget()];
const version = packageJson.optionalDependencies[nodePackage];
const oldNode = process.platform === "win32" ? undefined : findOldNode();

let folder: string;
let registry: Server;
let url: string;
const asked: string[] = [];

/** A Node that is too old for the bundle and has npm beside it, as on the machines that this is about. */
function findOldNode(): string | undefined {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((place) => join(place, "node"))
    .filter((path) => existsSync(path) && existsSync(join(dirname(path), "npm")))
    .find((path) => {
      try {
        refuseOldNode(execFileSync(path, ["-p", "process.versions.node"], { encoding: "utf8" }));
        return false;
      } catch {
        return true;
      }
    });
}

function packNode(): Buffer {
  const content = join(folder, "package");
  mkdirSync(join(content, "bin"), { recursive: true });
  writeFileSync(
    join(content, "package.json"),
    JSON.stringify({ name: nodePackage, version, bin: { node: "bin/node" } }),
  );
  writeFileSync(join(content, "bin", "node"), `#!/bin/sh\nexec "${process.execPath}" "$@"\n`);
  chmodSync(join(content, "bin", "node"), 0o755);
  execFileSync("tar", ["-czf", join(folder, "node.tgz"), "package"], { cwd: folder });
  return readFileSync(join(folder, "node.tgz"));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hub-old-node-"));
  await buildPackage(join(folder, "hub"));
  const archive = packNode();
  registry = createServer(({ url: path = "" }, reply) => {
    asked.push(path);
    if (path.endsWith(".tgz")) return reply.end(archive);
    const dist = { tarball: `${url}/node.tgz` };
    const found = { name: nodePackage, version, bin: { node: "bin/node" }, dist };
    reply.setHeader("content-type", "application/json");
    return reply.end(
      JSON.stringify({ name: nodePackage, "dist-tags": { latest: version }, versions: { [version]: found } }),
    );
  }).listen(0, "127.0.0.1");
  await once(registry, "listening");
  url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`;
}, 60_000);
afterAll(() => {
  registry.close();
  rmSync(folder, { recursive: true, force: true });
});

type Ended = { code: number | string | null; printed: string; errors: string };

function start(cache: string): Promise<Ended> {
  const node = oldNode ?? "";
  const env = {
    PATH: `${dirname(node)}:/usr/bin:/bin`,
    HOME: folder,
    npm_config_cache: join(folder, cache),
    npm_config_registry: url,
    npm_config_fetch_retries: "0",
    npm_config_update_notifier: "false",
  };
  return new Promise((resolve) => {
    const args = [join(folder, "hub", "lib", "launch.mjs"), "--version"];
    execFile(node, args, { cwd: folder, env }, (error, printed, errors) => {
      resolve({ code: error === null ? 0 : (error.code ?? null), printed, errors });
    });
  });
}

describe.skipIf(oldNode === undefined)("the package's command on an old Node", () => {
  test("fetches a newer one once, and says so", async () => {
    expect(await start("cache")).toEqual({
      code: 0,
      printed: `${packageJson.version}\n`,
      errors: expect.stringMatching(new RegExp(`^Fetching Node ${version} once, since this is v\\S+: npm keeps it`)),
    });
    expect(asked.filter((path) => path.endsWith(".tgz"))).toHaveLength(1);
  });

  test("starts with that one from then on, without a network and without a word", async () => {
    const before = asked.length;
    expect(await start("cache")).toEqual({ code: 0, printed: `${packageJson.version}\n`, errors: "" });
    expect(asked.length).toBe(before);
  });

  test("says what to do where there is neither", async () => {
    const listened = url;
    url = "http://127.0.0.1:9";
    const { code, printed, errors } = await start("empty");
    url = listened;
    expect({ code, printed }).toEqual({ code: 1, printed: "" });
    const [, told] = errors.split("\n");
    expect(told).toMatch(
      /^interactions-hub needs Node 22\.19 or newer; this is v\S+, and npm could not fetch .*ECONNREFUSED/,
    );
    expect(told).toMatch(/Install a newer Node from nodejs\.org, or start this once where npm can fetch one\.$/);
  });
});

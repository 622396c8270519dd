import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a run of the bench leaves behind nowhere: its files and its processes. */
export type Workspace = {
  /** An empty folder for one server. */
  folder(name: string): Promise<string>;
  start(script: readonly string[], options: SpawnOptions): ChildProcess;
};

/** Makes a workspace that is gone when this process ends, whatever ends it. */
export function openWorkspace(): Workspace {
  const root = mkdtempSync(join(tmpdir(), "interactions-hub-bench-"));
  const running = new Set<ChildProcess>();
  let folders = 0;
  process.on("exit", () => {
    for (const child of running) child.kill("SIGKILL");
    rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(1));
  return {
    async folder(name) {
      folders += 1;
      const path = join(root, `${folders}-${name}`);
      await mkdir(path);
      return path;
    },
    start(script, options) {
      const child = spawn(process.execPath, script, options);
      running.add(child);
      child.once("exit", () => running.delete(child));
      return child;
    },
  };
}

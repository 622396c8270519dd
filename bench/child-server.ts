import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import type { Workspace } from "./workspace.ts";

/** Since its start: processor time of all threads in microseconds; memory (resident) now and at most, in bytes. */
export type Usage = { cpu: number; memory: number; largestMemory: number };

/** A server in a process of its own. */
export type ChildServer = { url: string; usage(): Promise<Usage>; stop(): Promise<void> };

/** Milliseconds that a server may take to start and to stop. */
const PATIENCE = 15_000;

/** Starts a script with `reportUsage` loaded first, and waits for it to print the address that it `listens on`. */
export async function startChild(
  workspace: Workspace,
  { reportUsage, script }: { reportUsage: string; script: readonly string[] },
): Promise<ChildServer> {
  const child = workspace.start(["--import", reportUsage, ...script], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
  const ended = once(child, "exit");
  const url = await addressOf(child);
  return {
    url,
    async usage() {
      child.send("usage");
      const [usage] = await Promise.race([once(child, "message"), ended.then(() => [undefined])]);
      if (!isUsage(usage)) throw new Error("A server that was measured has ended.");
      return usage;
    },
    async stop() {
      child.kill("SIGTERM");
      const late = new AbortController();
      const kill = wait(PATIENCE, undefined, { signal: late.signal }).then(
        () => child.kill("SIGKILL"),
        () => {},
      );
      await Promise.race([ended, kill]);
      late.abort();
      await ended;
    },
  };
}

/** The address that a server prints; rejects if it ends before, or takes too long. */
export function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    let errors = "";
    const fail = (reason: string) => reject(new Error(`The server ${reason}. ${errors.trim()}`));
    const timer = setTimeout(() => fail("did not start in time"), PATIENCE);
    child.once("error", reject);
    child.once("exit", (code) => fail(`ended with code ${code} before it listened`));
    // Taken for as long as the server lives: it would stop at a full pipe.
    child.stderr?.on("data", (chunk) => {
      errors = `${errors}${chunk}`.slice(-2000);
    });
    child.stdout?.on("data", (chunk) => {
      printed = `${printed}${chunk}`.slice(-2000);
      const url = /listens on (http\S+)/.exec(printed)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
  });
}

function isUsage(value: unknown): value is Usage {
  return typeof value === "object" && value !== null && "cpu" in value && "memory" in value;
}

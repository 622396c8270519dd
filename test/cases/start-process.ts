import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A server in a process of its own, as people run it. */
export type ServerProcess = {
  url: string;
  /** Sends a signal, unless it has ended already, and resolves with how it ended. */
  stop(signal: "SIGKILL" | "SIGTERM"): Promise<{ code: number | null; signal: string | null }>;
};

const main = fileURLToPath(new URL("../../server/main.ts", import.meta.url));

/**
 * Starts a server on a free port, from the sources unless another script is named; its data lie in the folder. Resolves when
 * it says where it listens.
 */
export async function startProcess(
  folder: string,
  flags: readonly string[] = [],
  variables: Readonly<Record<string, string>> = {},
  script: string = main,
): Promise<ServerProcess> {
  const quiet = ["--log-level", "error", "--discover", "false"];
  const child = spawn(process.execPath, [script, "--port", "0", "--data", folder, ...quiet, ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...variables },
  });
  const url = await addressOf(child);
  return {
    url,
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

/** Reads the start-up text as far as the address. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the server ended with ${code} before it listened: ${text}`)));
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const [, url] = /listens on (\S+)\n/.exec(text) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
}

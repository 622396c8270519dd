import { type ExecFileException, execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The generations of the Python client, each with its own file of requirements. */
export const generations = ["legacy", "newest"] as const;
export type Generation = (typeof generations)[number];

/** The interpreter of an environment in which a generation is installed, or why there is none. */
export type PythonEnvironment = { python: string } | { missing: string };

export const repository = join(import.meta.dirname, "../..");
export const pythonSuites = join(import.meta.dirname, "python");

const isWindows = process.platform === "win32";
const CANDIDATES = isWindows ? ["python", "py"] : ["python3", "python"];
const DAY = 24 * 60 * 60 * 1000;

/** Tells the version, and fails where environments cannot be made or the client's oldest Python is not reached. */
const PROBE = "import sys, venv, ensurepip; assert sys.version_info >= (3, 10); print(sys.version)";

/** Makes the environment of a generation, or finds the one that an earlier run has left; one of the newest is renewed daily. */
export async function pythonEnvironment(generation: Generation): Promise<PythonEnvironment> {
  const found = await findPython();
  if (found === undefined) return { missing: "there is no Python 3.10 or newer with venv on the path" };
  const requirements = join(pythonSuites, `requirements-${generation}.txt`);
  const hash = createHash("sha256")
    .update(await readFile(requirements))
    .update(found.version);
  const cached = `node_modules/.cache/python-${generation}-${hash.digest("hex").slice(0, 12)}`;
  const folder = join(repository, cached);
  const python = join(folder, isWindows ? "Scripts/python.exe" : "bin/python");
  const marker = join(folder, "installed");
  const age = await ageOf(marker);
  if (age !== undefined && (generation !== "newest" || age < DAY)) return { python };

  if (age === undefined) {
    // A run that was interrupted has left half an environment.
    await rm(folder, { recursive: true, force: true });
    await run(found.command, ["-m", "venv", folder]);
  }
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade", "-r", requirements];
  const { failed, output } = await run(python, pip);
  if (failed && age === undefined) return { missing: `pip could not install it: ${lastLine(output)}` };
  if (!failed) await writeFile(marker, "");
  return { python };
}

/** Runs a command to its end; never rejects. */
export async function run(
  command: string,
  parameters: readonly string[],
): Promise<{ failed: boolean; output: string }> {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
  return new Promise((resolve) => {
    const ended = (error: ExecFileException | null, stdout: string, stderr: string) => {
      resolve({ failed: error !== null, output: stdout + stderr || (error?.message ?? "") });
    };
    execFile(command, parameters, { cwd: repository, env, maxBuffer: 64 * 1024 * 1024 }, ended);
  });
}

async function findPython(): Promise<{ command: string; version: string } | undefined> {
  for (const command of CANDIDATES) {
    const { failed, output } = await run(command, ["-c", PROBE]);
    if (!failed) return { command, version: output };
  }
  return undefined;
}

/** Milliseconds since a file was written; `undefined` if there is none. */
async function ageOf(path: string): Promise<number | undefined> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch {
    return undefined;
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

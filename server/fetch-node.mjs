// Plain JavaScript, because the launcher runs it in old Node versions.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/**
 * The executable of a Node that npm fetches, given the name of its package and the version. npm keeps it in its own cache, so
 * that it is fetched once, which a line on standard error says. Throws an error with a text for people.
 */
export function fetchNode(name, version) {
  const kept = askNpm(name, version, ["--offline"]);
  if (kept.path !== undefined) return kept.path;
  process.stderr.write(`Fetching Node ${version} once, since this is ${process.version}: npm keeps it in its cache.\n`);
  const fetched = askNpm(name, version, []);
  if (fetched.path !== undefined) return fetched.path;
  throw new Error(`npm could not fetch the package ${name} ${version} (${fetched.reason}).`);
}

/** npm says where it has a package by the path that it gives to programs; the Node of the package need not start for that. */
function askNpm(name, version, flags) {
  const [npm, ...first] = npmCommand();
  const script = `${quoted(process.execPath)} -p process.env.PATH`;
  const { error, stdout, stderr } = spawnSync(
    npm,
    [
      ...first,
      "exec",
      "--yes",
      "--no-audit",
      "--no-fund",
      ...flags,
      `--package=${name}@${version}`,
      `--call=${script}`,
    ],
    { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
  );
  if (error !== undefined) return { reason: error.code === "ENOENT" ? "there is no npm" : error.message };
  for (const folder of stdout.trim().split(delimiter)) {
    const path = nodeIn(join(dirname(folder), name), version);
    if (path !== undefined) return { path };
  }
  return { reason: reasonIn(stderr) };
}

function nodeIn(folder, version) {
  try {
    if (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version !== version) return undefined;
    const path = join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
    return existsSync(path) ? path : undefined;
  } catch {
    // Most folders of the path are others.
    return undefined;
  }
}

/** On Windows npm's command is a batch file, which only a shell runs; its program lies beside Node. */
function npmCommand() {
  const program = join(dirname(process.execPath), "node_modules", "npm", "bin", "npm-cli.js");
  return process.platform === "win32" && existsSync(program) ? [process.execPath, program] : ["npm"];
}

function quoted(path) {
  return process.platform === "win32" ? `"${path}"` : `'${path.replace(/'/g, "'\\''")}'`;
}

/** The first of what npm says that is more than a code. */
function reasonIn(stderr) {
  const lines = stderr.split("\n").map((line) => line.replace(/^npm (?:error|ERR!)\s*/, "").trim());
  const told = lines.filter((line) => line !== "" && !/^npm |^(?:code|errno|syscall|type) /.test(line));
  return told[0] ?? "it does not say why";
}

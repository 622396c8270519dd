import { ConfigurationError } from "./configuration-error.ts";

/** Reads a whole text file; how is the caller's affair. */
export type ReadFile = (path: string) => Promise<string>;

/** An unread settings tree: what YAML says, before anything is checked. */
export type SettingsTree = { [name: string]: unknown };

/** Whether a value is a mapping of names to values. */
export function isTree(value: unknown): value is SettingsTree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads a text file named by a setting; the message names the setting and says why it cannot be read. */
export async function readNamedFile(key: string, path: string, readFile: ReadFile): Promise<string> {
  try {
    return await readFile(path);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    const reason = code === "ENOENT" ? "there is no such file" : code;
    throw new ConfigurationError(`${key}: cannot read ${path} (${reason})`, { cause });
  }
}

/** Reads the YAML file. Its parser is loaded only here, because most starts do without a file. */
export async function readConfigurationFile(path: string, readFile: ReadFile): Promise<SettingsTree> {
  const text = await readNamedFile("config", path, readFile);
  const { parse, YAMLParseError } = await import("yaml");
  let tree: unknown;
  try {
    tree = parse(text, { prettyErrors: true, logLevel: "error", stringKeys: true });
  } catch (cause) {
    if (!(cause instanceof YAMLParseError || cause instanceof ReferenceError)) throw cause;
    // The parser's message goes on with lines of the file, which may hold a key.
    const reason = cause.message.split("\n", 1)[0]?.replace(/:$/, "");
    throw new ConfigurationError(`config: ${path} is not valid YAML: ${reason}`, { cause });
  }
  if (tree === null || tree === undefined) return {};
  if (isTree(tree)) return tree;
  throw new ConfigurationError(`config: ${path} must hold settings as "name: value", not a list or a single value`);
}

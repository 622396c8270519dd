import { ConfigurationError } from "./configuration-error.ts";
import { parseYaml } from "./parse-yaml.ts";

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

/** Reads the settings that a YAML file holds. */
export async function readConfigurationFile(path: string, readFile: ReadFile): Promise<SettingsTree> {
  const text = await readNamedFile("config", path, readFile);
  const tree = await parseYaml(text, `config: ${path} is not valid YAML`);
  if (tree === null || tree === undefined) return {};
  if (isTree(tree)) return tree;
  throw new ConfigurationError(`config: ${path} must hold settings as "name: value", not a list or a single value`);
}

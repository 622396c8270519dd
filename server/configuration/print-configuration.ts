import { mask } from "./api-key.ts";
import { isTree } from "./configuration-file.ts";
import { type Configuration, settings } from "./schema.ts";

/** The settings that hold, as YAML in the form of a configuration file; keys are masked. */
export async function printConfiguration(configuration: Configuration): Promise<string> {
  const tree: { [name: string]: unknown } = {};
  for (const { key, secret, write } of settings) {
    const [first = "", second] = key.split(".");
    const value = second === undefined ? valueAt(configuration, first) : valueAt(valueAt(configuration, first), second);
    const written = secret ? maskKeys(configuration.api_keys) : write(value);
    if (second === undefined) tree[first] = written;
    else tree[first] = { ...(isTree(tree[first]) ? tree[first] : {}), [second]: written };
  }
  const { stringify } = await import("yaml");
  return `# Effective settings; keys are masked.\n${stringify(tree)}`;
}

function valueAt(tree: unknown, name: string): unknown {
  return isTree(tree) ? tree[name] : undefined;
}

function maskKeys(keys: Configuration["api_keys"]): { name: string; key: string }[] {
  return keys.map(({ name }) => ({ name, key: mask }));
}

import { isTree } from "./configuration-file.ts";
import { loadYaml } from "./load-yaml.ts";
import { type Configuration, settings } from "./schema.ts";

/** The settings that hold, as YAML in the form of a configuration file; secrets are masked. */
export async function printConfiguration(configuration: Configuration): Promise<string> {
  const { stringify } = await loadYaml();
  return `# Effective settings; keys are masked.\n${stringify(maskedSettings(configuration))}`;
}

/** The settings that hold, in the form of a configuration file; secrets are masked. */
export function maskedSettings(configuration: Configuration): { [name: string]: unknown } {
  const tree: { [name: string]: unknown } = {};
  for (const { key, write } of settings) {
    const [first = "", second] = key.split(".");
    const value = valueAt(configuration, first);
    if (second === undefined) tree[first] = write(value);
    else tree[first] = { ...(isTree(tree[first]) ? tree[first] : {}), [second]: write(valueAt(value, second)) };
  }
  return tree;
}

function valueAt(tree: unknown, name: string): unknown {
  return isTree(tree) ? tree[name] : undefined;
}

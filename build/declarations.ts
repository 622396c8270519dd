import type { Member, Setting } from "../server/configuration/setting.ts";

/** How values are written in a program, by what `--help` shows for them; every other is a text or one of a few words. */
const types: { readonly [placeholder: string]: string } = {
  number: "number",
  "true|false": "boolean",
  "auto|true|false": 'boolean | "auto"',
  "time|forever": 'Duration | "forever" | null',
  time: "Duration",
  size: "number | string",
  hosts: "readonly string[]",
  origins: "readonly string[]",
  addresses: "readonly string[]",
  names: "readonly string[]",
  folder: "string",
  "file|folder": "string",
  "file|:memory:": "string",
};
const words = /^[a-z-]+(?:\|[a-z-]+)+$/;
/** Maps, by their names. */
const maps: { readonly [key: string]: string } = {
  aliases: "Readonly<Record<string, string | readonly string[]>>",
  headers: "Readonly<Record<string, string>>",
};
/** What is taken from elsewhere where it is not given, for `startHub` alone. */
const ownDefaults: { readonly [key: string]: string } = {
  port: "0, any free one",
  data: "none",
  db: "`interactions-hub.db` in `data`, or else `:memory:`",
  discover: "false",
  log_level: "silent",
};
/** What an entry of a list cannot be without. */
const required = new Set(["name", "kind"]);

/** The declarations of the npm package, from the one table of all settings: nothing in them names another package. */
export function writeDeclarations(settings: readonly Setting[]): string {
  const groups = Map.groupBy(settings, ({ key }) => (key.includes(".") ? key.slice(0, key.indexOf(".")) : key));
  const members = [...groups].map(([name, group]) => {
    const [only] = group;
    if (only !== undefined && only.key === name) return memberLines(only, name, "  ");
    const inner = group.map((one) => memberLines(one, one.key.slice(name.length + 1), "    "));
    return `  ${name}?: {\n${inner.join("")}  };\n`;
  });
  return `/// <reference lib="esnext.disposable" />

/** A number with a unit: \`500ms\`, \`30s\`, \`10m\`, \`1h\` or \`55d\`. */
export type Duration = \`\${number}\${"ms" | "s" | "m" | "h" | "d"}\`;

/** Every setting, as in a configuration file. Sizes are bytes or text like \`64MiB\`. */
export interface HubOptions {
${members.join("")}}

/** A hub that listens. */
export interface Hub {
  /** Its address, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Ends what runs, and everything else. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a hub in this process: in memory unless \`data\` or \`db\` is given, on a free port, silent, and without looking for
 * keys and other servers. Rejects with an error whose message names the setting at fault.
 */
export declare function startHub(options?: HubOptions): Promise<Hub>;
`;
}

function memberLines(member: Member, name: string, indent: string, isRequired = false): string {
  const fallback = ownDefaults[member.key] ?? member.fallback;
  const told = fallback === "" ? "" : ` Default: ${fallback}.`;
  return `${indent}/** ${member.description}${told} */\n${indent}${name}${isRequired ? "" : "?"}: ${typeOf(member, name)};\n`;
}

function typeOf({ placeholder, members, key }: Member, name: string): string {
  if (members.length > 0) {
    return `readonly {\n${members.map((one) => memberLines(one, one.key, "    ", required.has(one.key))).join("")}  }[]`;
  }
  const type = maps[name] ?? types[placeholder];
  if (type !== undefined) return type;
  if (words.test(placeholder))
    return placeholder
      .split("|")
      .map((word) => JSON.stringify(word))
      .join(" | ");
  if (/^[a-z]+$/.test(placeholder)) return "string";
  throw new Error(`There is no type for the setting ${key}, whose values are "${placeholder}".`);
}

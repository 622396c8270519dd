import type { CommandContext } from "./command-context.ts";

/** The settings that say which data file, and with it which hub, is meant. */
const placing = new Map([
  ["data", "--data"],
  ["db", "--db"],
]);

/** The flags by which another command finds the same hub, or the same file, as the one that was called; a space before each. */
export function givenFlags({ settings, url }: Pick<CommandContext, "settings" | "url">): string {
  const flags = [...placing].map(([key, flag]) => [flag, settings.values.get(key)] as const);
  return [["--config", settings.config] as const, ...flags, ["--url", url] as const]
    .map(([flag, value]) => (value === undefined ? "" : ` ${flag} ${quoted(value)}`))
    .join("");
}

/** A word as shells take it for one. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

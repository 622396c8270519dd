import type { z } from "zod";
import { didYouMean } from "./did-you-mean.ts";
import { settings } from "./schema.ts";
import type { Setting } from "./setting.ts";

/** Where a value came from, by the key of its setting. */
export type Sources = ReadonlyMap<string, string>;

/** All mistakes in one line, each with its key first and the place of the wrong value last: its source, or else the file. */
export function explainIssues(issues: readonly z.core.$ZodIssue[], sources: Sources, file: string | undefined): string {
  return issues
    .flatMap((issue) => {
      const key = keyOf(issue.path);
      const setting = settingAt(issue.path);
      const source = (setting === undefined ? undefined : sources.get(setting.key)) ?? file;
      const place = source === undefined ? "" : ` (${source})`;
      if (issue.code !== "unrecognized_keys") {
        const isGroup = issue.code === "invalid_type" && issue.expected === "object" && setting === undefined;
        return [`${key}: ${isGroup ? "expected a group of settings" : issue.message}${place}`];
      }
      const known = setting === undefined ? membersOf(key) : setting.members.map((member) => member.key);
      return issue.keys.map(
        (name) => `unknown setting ${key === "" ? "" : `${key}.`}${name}${didYouMean(name, known)}${place}`,
      );
    })
    .join(" | ");
}

/** The setting that a place belongs to, unless it is a group or no setting at all. */
function settingAt(path: readonly PropertyKey[]): Setting | undefined {
  return settings.find(({ key }) => key.split(".").every((name, index) => name === path[index]));
}

/** `["api_keys", 0, "key"]` → `api_keys[0].key`. */
function keyOf(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`))
    .join("");
}

/** The names that may stand in a group, or at the top for the empty key. */
function membersOf(group: string): string[] {
  const prefix = group === "" ? "" : `${group}.`;
  const names = settings.filter(({ key }) => key.startsWith(prefix)).map(({ key }) => key.slice(prefix.length));
  return names.map((name) => name.split(".", 1)[0] ?? name);
}

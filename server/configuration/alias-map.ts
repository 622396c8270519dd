import { z } from "zod";
import { isTree } from "./configuration-file.ts";
import type { ValueKind } from "./value-kind.ts";

/** Names for models, each with those that are asked for it, one after the other. */
export type AliasMap = ReadonlyMap<string, readonly string[]>;

const named = /^[^\s\p{Cc}]{1,256}$/u;
const prefix = /^(?:models|agents)\//;

/** Aliases: a name for one target, or for a list of them; circles are refused. */
export function aliasMap(): ValueKind<AliasMap> {
  const schema = z.unknown().transform((value, context): AliasMap => {
    const refuse = (message: string, path: (string | number)[] = []): never => {
      context.addIssue({ code: "custom", message, path });
      return z.NEVER;
    };
    if (!isTree(value)) return refuse("expected names, each with a model or a list of models");
    const aliases = new Map<string, string[]>();
    for (const [alias, given] of Object.entries(value)) {
      if (!named.test(alias)) return refuse("expected names without spaces");
      if (prefix.test(alias))
        return refuse("a name that begins with models/ or agents/ is asked for without it", [alias]);
      const targets = Array.isArray(given) ? given : [given];
      if (targets.length === 0) return refuse("expected at least one model", [alias]);
      if (!targets.every(isName)) return refuse("expected a model or a list of models, as upstream/model", [alias]);
      if (new Set(targets).size < targets.length) return refuse("names a model twice", [alias]);
      aliases.set(
        alias,
        targets.map((target) => target.replace(prefix, "")),
      );
    }
    for (const alias of aliases.keys()) {
      const circle = circleFrom(alias, aliases);
      if (circle !== undefined) return refuse(`leads back to itself: ${circle.join(" → ")}`, [alias]);
    }
    return aliases;
  });
  const write = (aliases: AliasMap): unknown =>
    Object.fromEntries([...aliases].map(([alias, targets]) => [alias, targets.length === 1 ? targets[0] : targets]));
  return { placeholder: "map", schema, write };
}

function isName(value: unknown): value is string {
  return typeof value === "string" && named.test(value);
}

/** The way from an alias back to itself, if there is one. Each alias on it is looked at once. */
function circleFrom(start: string, aliases: AliasMap): string[] | undefined {
  const seen = new Set<string>();
  const search = (alias: string, way: readonly string[]): string[] | undefined => {
    for (const target of aliases.get(alias) ?? []) {
      if (target === start) return [...way, target];
      if (seen.has(target)) continue;
      seen.add(target);
      const circle = search(target, [...way, target]);
      if (circle !== undefined) return circle;
    }
    return undefined;
  };
  return search(start, [start]);
}

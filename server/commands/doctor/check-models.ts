import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
import type { Configuration } from "../../configuration/schema.ts";
import { readableLine } from "../terminal/readable.ts";
import { type Check, doubtful, wrong } from "./check.ts";

/** What a query must ask a hub for, besides its upstreams with name, kind and health. */
export const offeredMembers = "models { name provider } agents { name provider }";

type Named = Pick<Configuration, "aliases" | "default_model">;

/** Whether a name leads to somebody. Who does not list it may have it all the same. */
type Lead = "there" | "unlisted" | "missing";

/** Aliases and a default model that lead to nobody. `offered` is what the hub answered; those that are well are not told. */
export function checkModels({ aliases, default_model: byDefault }: Named, offered: JsonObject): Check[] {
  const leads = leadsAmong(offered, aliases);
  const checks = [...aliases].map(([alias, targets]) => checkName(`alias ${alias}`, targets, { aliases, leads }));
  if (byDefault !== undefined && !aliases.has(byDefault) && !leads.upstreams.has(byDefault)) {
    checks.push(checkName("default_model", [byDefault], { aliases, leads }));
  }
  return checks.filter((check) => check !== undefined);
}

type Leads = { upstreams: ReadonlySet<string>; to(name: string): Lead };

function checkName(
  name: string,
  targets: readonly string[],
  { aliases, leads }: { aliases: Configuration["aliases"]; leads: Leads },
): Check | undefined {
  // What stands for another alias is told there.
  const own = targets.filter((target) => !aliases.has(target));
  const missing = own.filter((target) => leads.to(target) === "missing");
  const unlisted = own.filter((target) => leads.to(target) === "unlisted");
  const advice = "correct it in the settings; interactions-hub models lists what there is";
  if (missing.length > 0) {
    const finding = readableLine(`leads to ${missing.join(" and ")}, which nobody has`, 300);
    return missing.length === targets.length ? wrong(name, finding, advice) : doubtful(name, finding, advice);
  }
  if (unlisted.length === 0) return undefined;
  return doubtful(name, readableLine(`leads to ${unlisted.join(" and ")}, which no upstream lists`, 300), advice);
}

function leadsAmong(offered: JsonObject, aliases: Configuration["aliases"]): Leads {
  const upstreams = new Map(objectsIn(offered.upstreams).map((one) => [String(one.name), one]));
  // An alias is listed too, as a model of whoever it leads to.
  const listed = [...objectsIn(offered.models), ...objectsIn(offered.agents)].filter(
    ({ name }) => !aliases.has(String(name)),
  );
  // A name that several upstreams have is listed with the upstream in front, others without.
  const names = new Set(listed.flatMap(({ name, provider }) => [name, ownName(name, provider), `${provider}/${name}`]));
  const listing = new Set(listed.map(({ provider }) => provider));
  const all = [...upstreams.values()];
  const someFail = all.some(({ health }) => health !== "ok");
  const someTakeUnlisted = someFail || all.some(({ kind }) => kind === "simulator" || kind === "gemini");

  return {
    upstreams: new Set(upstreams.keys()),
    to(name) {
      if (names.has(name)) return "there";
      const [prefix = ""] = name.split("/", 1);
      const upstream = prefix === name ? undefined : upstreams.get(prefix);
      if (upstream === undefined) return (prefix === name ? someTakeUnlisted : someFail) ? "unlisted" : "missing";
      const tells = upstream.kind !== "simulator" && upstream.health === "ok" && listing.has(prefix);
      return tells ? "unlisted" : "there";
    },
  };
}

function ownName(name: JsonValue | undefined, provider: JsonValue | undefined): string {
  const prefix = `${provider}/`;
  return String(name).startsWith(prefix) ? String(name).slice(prefix.length) : String(name);
}

function objectsIn(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

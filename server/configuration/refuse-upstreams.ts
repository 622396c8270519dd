import { isLoopbackHost } from "../loopback.ts";
import type { AliasMap } from "./alias-map.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { UpstreamEntry } from "./upstream-entry.ts";

/** Says what is wrong at a place among the settings. */
export type Refuse = (path: (string | number)[], message: string) => void;

/** What one upstream cannot tell about itself: that its name is another's, and that it is the hub. */
export function refuseUpstreams(upstreams: readonly UpstreamEntry[], port: number, refuse: Refuse): void {
  for (const [index, { name, base_url: url }] of upstreams.entries()) {
    if (upstreams.findIndex((other) => other.name === name) < index) {
      refuse(["upstreams", index, "name"], `the name ${name} is already taken`);
    }
    if (url !== undefined && isOwn(new URL(url), port)) {
      refuse(["upstreams", index, "base_url"], "is the hub's own address: it would ask itself for ever");
    }
  }
}

function isOwn({ hostname, port, protocol }: URL, ownPort: number): boolean {
  const usual = protocol === "https:" ? 443 : 80;
  return isLoopbackHost(hostname.replace(/[[\]]/g, "")) && (port === "" ? usual : Number(port)) === ownPort;
}

type Named = { upstreams: readonly UpstreamEntry[]; aliases: AliasMap; default_model?: string; discover: boolean };

/** A default that names nobody, as far as that is known before anything is discovered. */
export function refuseDefault({ upstreams, aliases, default_model: model, discover }: Named, refuse: Refuse): void {
  if (model === undefined || (upstreams.length === 0 && discover)) return;
  const names = ["simulator", ...upstreams.map(({ name }) => name)];
  if (aliases.has(model) || names.includes(model.split("/", 1)[0] ?? "")) return;
  const hint = didYouMean(model, [...names, ...aliases.keys()]);
  refuse(["default_model"], `${model} is neither an upstream, nor upstream/model, nor an alias${hint}`);
}

import { closestMatches } from "../../schema/core/closest-match.ts";
import { HubError } from "../../schema/core/error.ts";
import type { CreateRequest } from "../../schema/core/interaction.ts";
import type { ModelInfo } from "../../schema/core/model-info.ts";
import { shortened } from "../../schema/core/shortened.ts";
import type { Provider, Upstream } from "../../schema/provider.ts";

type Kind = ModelInfo["kind"];

/** One who may answer, under its own name of the model or agent. */
export type Target = { provider: Provider; name: string };

/**
 * What a request asks for: the name as it was asked, and who may answer, in the order in which they are to be asked.
 * `missing` are names that an alias stands for and that nobody has now.
 */
export type Resolved = {
  kind: Kind;
  name: string;
  targets: readonly [Target, ...Target[]];
  missing: readonly string[];
};

/** Who has a name, or a name that it stands for, and which of them nobody has. */
type Found = { targets: Target[]; missing: string[] };

/** Which model is whose. */
export type Catalog = {
  /** Of every upstream that can tell. A name that several offer, or that is an alias, is listed as `upstream/model`. */
  models(): Promise<ModelInfo[]>;
  /** Rejects with `model_not_found`, naming close matches. */
  resolve(request: Pick<CreateRequest, "model" | "agent">): Promise<Resolved>;
  /** The upstream of a name. */
  provider(upstream: string): Provider | undefined;
};

export type CatalogOptions = {
  upstreams: readonly Upstream[];
  /** Names for models: each for one target, or for several that are asked in turn. Without circles. */
  aliases?: ReadonlyMap<string, readonly string[]>;
  /** Who answers for names that nobody else has: an upstream, `upstream/model`, or an alias. */
  fallback?: string;
  /** Names of the upstream that gives way where another one has the same bare name. */
  stand_ins?: ReadonlySet<string>;
  /** Told of an upstream that cannot list its models. */
  trouble?: (upstream: string, error: unknown) => void;
};

export function createCatalog({ upstreams, aliases = new Map(), fallback, ...options }: CatalogOptions): Catalog {
  const byName = new Map(upstreams.map((upstream) => [upstream.provider.name, upstream.provider]));
  const kindsOf = new Map(upstreams.map((upstream) => [upstream.provider.name, upstream.kindOf]));

  async function modelsOf({ provider }: Upstream): Promise<ModelInfo[]> {
    try {
      return await provider.models();
    } catch (error) {
      // One upstream that is down must not hide the others' models.
      options.trouble?.(provider.name, error);
      return [];
    }
  }

  async function listed(): Promise<ModelInfo[]> {
    return (await Promise.all(upstreams.map(modelsOf))).flat();
  }

  /** `upstream/model`, whether or not the upstream lists it: it knows best. Names of models may have slashes too. */
  function qualified(name: string): Target | undefined {
    const slash = name.indexOf("/");
    const provider = slash > 0 ? byName.get(name.slice(0, slash)) : undefined;
    const own = name.slice(slash + 1);
    return provider === undefined || own === "" ? undefined : { provider, name: own };
  }

  /** Whether its upstream knows the name as the other thing. */
  function isOther({ provider, name }: Target, kind: Kind): boolean {
    return (kindsOf.get(provider.name)?.(name) ?? kind) !== kind;
  }

  async function offering(name: string, kind: Kind): Promise<Target[]> {
    const answers = await Promise.all(upstreams.map((upstream) => upstream.answersFor(name, kind)));
    const found = upstreams.flatMap(({ provider }, index) => (answers[index] === true ? [{ provider, name }] : []));
    const first = found.filter(({ provider }) => options.stand_ins?.has(provider.name) !== true);
    return first.length > 0 ? first : found;
  }

  async function find(name: string, kind: Kind): Promise<Found> {
    const aliased = aliases.get(name);
    if (aliased !== undefined) {
      const all = await Promise.all(aliased.map((target) => find(target, kind)));
      return { targets: all.flatMap(({ targets }) => targets), missing: all.flatMap(({ missing }) => missing) };
    }
    const target = qualified(name) ?? oneOf(name, kind, await offering(name, kind));
    return target === undefined || isOther(target, kind)
      ? { targets: [], missing: [name] }
      : { targets: [target], missing: [] };
  }

  /** Of several who have a name, the default one. */
  function oneOf(name: string, kind: Kind, found: readonly Target[]): Target | undefined {
    if (found.length < 2) return found[0];
    const chosen = found.find(({ provider }) => provider.name === fallback);
    if (chosen === undefined) throw ambiguous(name, kind, found);
    return chosen;
  }

  /** The upstream for names that nobody has. One that is named without a model gets them as they are. */
  async function byDefault(name: string, kind: Kind): Promise<Found> {
    const provider = byName.get(fallback ?? "");
    if (provider !== undefined) return { targets: [{ provider, name }], missing: [] };
    return fallback === undefined ? { targets: [], missing: [name] } : find(fallback, kind);
  }

  async function notFound(name: string, kind: Kind, wanted: string): Promise<HubError> {
    const models = (await listed()).filter((info) => info.kind === kind);
    const known = new Set([...models.flatMap(({ id, provider }) => [id, `${provider}/${id}`]), ...aliases.keys()]);
    const matches = closestMatches(wanted, known);
    const hint = matches.length > 0 ? ` Did you mean ${matches.map((match) => `'${match}'`).join(" or ")}?` : "";
    const stands = wanted === name ? "" : `, for which '${shortened(name)}' stands,`;
    const message = `The ${kind} '${shortened(wanted)}'${stands} was not found.${hint}`;
    return new HubError("model_not_found", message, { field: kind });
  }

  return {
    async models() {
      const all = await listed();
      const owners = new Map<string, number>();
      for (const { kind, id } of all) owners.set(`${kind} ${id}`, (owners.get(`${kind} ${id}`) ?? 0) + 1);
      const named = all.map((info) =>
        aliases.has(info.id) || (owners.get(`${info.kind} ${info.id}`) ?? 0) > 1
          ? { ...info, id: `${info.provider}/${info.id}` }
          : info,
      );
      return [...named, ...aliasModels(aliases, all)];
    },

    provider: (upstream) => byName.get(upstream),

    async resolve({ model, agent }) {
      const kind = agent === undefined ? "model" : "agent";
      const name = (agent ?? model ?? "").replace(/^(models|agents)\//, "");
      const asked = aliases.has(name) ? undefined : qualified(name);
      if (asked !== undefined && isOther(asked, kind)) throw misnamed(name, kind);
      const ways: [Kind, () => Promise<Found>][] = [[kind, () => find(name, kind)]];
      // Samples in Google's own documentation put an agent's name into `model`.
      if (kind === "model") ways.push(["agent", () => find(name, "agent")]);
      // What an alias stands for is known: its own name means nothing to anybody else.
      if (!aliases.has(name)) ways.push([kind, () => byDefault(name, kind)]);
      let wanted: string | undefined;
      for (const [found, look] of ways) {
        const { targets, missing } = await look();
        const [first, ...others] = targets;
        if (first !== undefined) return { kind: found, name, targets: [first, ...others], missing };
        wanted ??= missing[0];
      }
      throw await notFound(name, kind, wanted ?? name);
    },
  };
}

function misnamed(name: string, kind: Kind): HubError {
  const other =
    kind === "model" ? "an agent, and no model: name it as 'agent'" : "a model, and no agent: name it as 'model'";
  return new HubError("invalid_request", `'${shortened(name)}' is ${other}.`, { field: kind });
}

function ambiguous(name: string, kind: Kind, found: readonly Target[]): HubError {
  const ways = found.map(({ provider }) => `'${provider.name}/${name}'`).join(" or ");
  const message = `The ${kind} '${shortened(name)}' is offered by several upstreams. Ask for ${ways}.`;
  return new HubError("model_not_found", message, { field: kind });
}

/** Aliases as models of their own, told by what the first of their targets is. */
function aliasModels(aliases: ReadonlyMap<string, readonly string[]>, all: readonly ModelInfo[]): ModelInfo[] {
  return [...aliases].map(([alias, targets]) => {
    const [first = ""] = targets;
    const target = all.find(({ id, provider }) => first === id || first === `${provider}/${id}`);
    const description = `Stands for ${targets.join(", then ")}.`;
    const provider = target?.provider ?? first.split("/", 1)[0] ?? "";
    return { kind: "model", provider, ...target, id: alias, display_name: alias, description };
  });
}

import { closestMatches } from "../../schema/core/closest-match.ts";
import { HubError } from "../../schema/core/error.ts";
import type { CreateRequest } from "../../schema/core/interaction.ts";
import type { ModelInfo } from "../../schema/core/model-info.ts";
import { shortened } from "../../schema/core/shortened.ts";
import type { Provider, Upstream } from "../../schema/provider.ts";

/** Who answers: exactly one of model and agent is set. */
export type Resolved = { provider: Provider; model?: string; agent?: string };

/** Which model is whose. */
export type Catalog = {
  models(): Promise<ModelInfo[]>;
  /** Rejects with `model_not_found`, naming close matches. */
  resolve(request: Pick<CreateRequest, "model" | "agent">): Promise<Resolved>;
};

export function createCatalog(upstreams: readonly Upstream[]): Catalog {
  async function models(): Promise<ModelInfo[]> {
    return (await Promise.all(upstreams.map(({ provider }) => provider.models()))).flat();
  }

  function find(name: string, kind: ModelInfo["kind"]): Provider | undefined {
    return upstreams.find((upstream) => upstream.answersFor(name, kind))?.provider;
  }

  return {
    models,
    async resolve({ model, agent }) {
      const kind = agent === undefined ? "model" : "agent";
      const name = (agent ?? model ?? "").replace(/^(models|agents)\//, "");
      const provider = find(name, kind);
      if (provider !== undefined) return kind === "agent" ? { provider, agent: name } : { provider, model: name };
      // Samples in Google's own documentation put an agent's name into `model`.
      const agentProvider = kind === "model" ? find(name, "agent") : undefined;
      if (agentProvider !== undefined) return { provider: agentProvider, agent: name };
      const known = (await models()).filter((info) => info.kind === kind).map((info) => info.id);
      const matches = closestMatches(name, known);
      const hint = matches.length > 0 ? ` Did you mean ${matches.map((match) => `'${match}'`).join(" or ")}?` : "";
      throw new HubError("model_not_found", `The ${kind} '${shortened(name)}' was not found.${hint}`, { field: kind });
    },
  };
}

import { isJsonObject } from "../../../schema/core/json.ts";
import type { UpstreamFetch } from "../provider-context.ts";
import { type DiscoveredUpstream, discoveredSettings } from "./discovered-upstream.ts";
import { type JsonAnswer, readJson } from "./read-json.ts";

/** Where the model servers that people run listen unless told otherwise: Ollama, LM Studio, llama.cpp, vLLM. */
export const usualPorts: readonly number[] = [11_434, 1234, 8080, 8000];

/** Ollama itself gives a model five minutes to load, and the others name no limit. */
const longestLoad = 300_000;

/** A server by what it is, whatever its port. */
type Product = { name: string; title: string };

const llamaCpp: Product = { name: "llamacpp", title: "llama.cpp" };
const vllm: Product = { name: "vllm", title: "vLLM" };
const ollama: Product = { name: "ollama", title: "Ollama" };
const lmStudio: Product = { name: "lmstudio", title: "LM Studio" };

export type LocalServersOptions = {
  fetch: UpstreamFetch;
  /** Milliseconds that one answer may take. */
  timeout: number;
  ports: readonly number[];
};

/** The OpenAI-compatible servers that answer on ports of this machine, in the order of the ports. They see no key. */
export async function localServers({ ports, ...options }: LocalServersOptions): Promise<DiscoveredUpstream[]> {
  const answers = await Promise.all(ports.map((port) => askPort(port, options)));
  const names = new Set<string>();
  return answers.flatMap((server) => {
    if (server === undefined) return [];
    const { port, product, models } = server;
    const name = names.has(product.name) ? `${product.name}-${port}` : product.name;
    names.add(name);
    const address = `http://127.0.0.1:${port}`;
    const settings = discoveredSettings({
      name,
      kind: "openai-chat",
      base_url: `${address}/v1`,
      first_event_timeout: longestLoad,
      inline_media: true,
    });
    const count = models === 0 ? "no model yet" : models === 1 ? "1 model" : `${models} models`;
    return [{ settings, found: `${product.title} at ${address} (${count})` }];
  });
}

type Found = { port: number; product: Product; models: number };

async function askPort(port: number, options: Omit<LocalServersOptions, "ports">): Promise<Found | undefined> {
  const ask = (path: string) => readJson(options.fetch, `http://127.0.0.1:${port}${path}`, options.timeout);
  const answer = await ask("/v1/models");
  const owners = answer === undefined ? undefined : ownersOfModels(answer.json);
  if (answer === undefined || owners === undefined) return undefined;
  const other: Product = { name: `local-${port}`, title: "OpenAI-compatible server" };
  const product = productByList(answer, owners) ?? (await productByPath(ask)) ?? other;
  return { port, product, models: owners.length };
}

/** Who owns each model of an OpenAI-compatible list; `undefined` for anything that is none. */
function ownersOfModels(list: unknown): unknown[] | undefined {
  if (!isJsonObject(list) || list.object !== "list") return undefined;
  // Ollama says null when it has no model yet.
  const models = list.data ?? [];
  if (!Array.isArray(models)) return undefined;
  const owners = models.flatMap((model) =>
    isJsonObject(model) && typeof model.id === "string" && model.id !== "" ? [model.owned_by] : [],
  );
  return owners.length === models.length ? owners : undefined;
}

function productByList({ server }: JsonAnswer, owners: readonly unknown[]): Product | undefined {
  if (server === "llama.cpp" || owners.includes("llamacpp")) return llamaCpp;
  if (owners.includes("vllm")) return vllm;
  return owners.includes("organization_owner") ? lmStudio : undefined;
}

/** Ollama names the makers of models as their owners, and where there is no model there is no owner. */
async function productByPath(ask: (path: string) => Promise<JsonAnswer | undefined>): Promise<Product | undefined> {
  const [version, models] = await Promise.all([ask("/api/version"), ask("/api/v0/models")]);
  if (isJsonObject(version?.json) && typeof version.json.version === "string") return ollama;
  return ownersOfModels(models?.json) === undefined ? undefined : lmStudio;
}

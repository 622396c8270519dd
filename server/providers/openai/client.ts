import { OpenAI as OfficialClient } from "openai";
import { parsedJson } from "../parsed-json.ts";
import type { ProviderContext, UpstreamFetch } from "../provider-context.ts";
import type { UpstreamSettings } from "../upstream-settings.ts";

/** Where OpenAI itself answers. */
export const OPENAI_BASE_URL = "https://api.openai.com/v1";

/** The longest that a timer can wait; how long an upstream may take is the business of whoever calls. */
const NO_TIMEOUT = 2 ** 31 - 1;

/** The client demands a key; where there is none, no `Authorization` is sent at all. */
const NO_KEY = "none";

/** The official client, and a shorter way through it for what is asked all the time. */
export type OpenaiClient = OfficialClient & {
  /**
   * The answer to a body that is posted, for who reads it himself: what the client's own methods send and what they throw of
   * a refusal, at a hundredth of their cost. Their last step, which they do anew for every request, is made once for a path;
   * what `fetch` throws is thrown as it is.
   */
  send(path: string, body: object, signal: AbortSignal): Promise<Response>;
};

/**
 * The official client for one upstream. It takes nothing from the environment: a key, an organisation or a header that is
 * meant for OpenAI must not reach another server.
 */
export function createOpenaiClient(settings: UpstreamSettings, context: ProviderContext): OpenaiClient {
  return new OpenAI(settings, context);
}

/** By address. Every call asks for it, and there are as many as there are upstreams. */
const hosts = new Map<string, string>();

/** The host that an upstream's address names; empty where it names none. */
export function hostOf({ base_url = OPENAI_BASE_URL }: Pick<UpstreamSettings, "base_url">): string {
  const known = hosts.get(base_url);
  if (known !== undefined) return known;
  const host = URL.parse(base_url)?.hostname ?? "";
  hosts.set(base_url, host);
  return host;
}

/** Whether an upstream is OpenAI itself, and not one of the many servers that speak its protocol. */
export function isOpenai(settings: Pick<UpstreamSettings, "base_url">): boolean {
  return hostOf(settings) === "api.openai.com";
}

/** Upstreams are told the name of this class as that of the client. */
class OpenAI extends OfficialClient implements OpenaiClient {
  readonly #fetch: UpstreamFetch;
  readonly #addressed = new Map<string, Promise<Addressed>>();

  constructor({ base_url, key, headers }: UpstreamSettings, { fetch }: ProviderContext) {
    super({
      baseURL: base_url ?? OPENAI_BASE_URL,
      apiKey: key ?? NO_KEY,
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      fetch,
      maxRetries: 0,
      timeout: NO_TIMEOUT,
      logLevel: "off",
    });
    // Set here, because the constructor would add what OPENAI_CUSTOM_HEADERS holds.
    this._options.defaultHeaders = key === undefined ? { Authorization: null, ...headers } : { ...headers };
    this.#fetch = fetch;
  }

  async send(path: string, body: object, signal: AbortSignal): Promise<Response> {
    const { url, headers } = await this.#addressedTo(path);
    const response = await this.#fetch(url, { method: "POST", headers, body: JSON.stringify(body), signal });
    if (response.ok) return response;
    const text = await response.text().catch((error: Error) => error.message);
    // The client takes whatever it was, also nothing.
    const said = parsedJson(text) as object;
    throw this.makeStatusError(response.status, said, said ? undefined : text, response.headers);
  }

  #addressedTo(path: string): Promise<Addressed> {
    const known = this.#addressed.get(path);
    if (known !== undefined) return known;
    const made = this.buildRequest({ method: "post", path, body: {} }).then(({ url, req }) => ({
      url: new URL(url),
      headers: [...req.headers],
    }));
    this.#addressed.set(path, made);
    return made;
  }
}

/** Where the requests to a path go, and what stands above each of them: neither changes while there is a client. */
type Addressed = { url: URL; headers: [string, string][] };

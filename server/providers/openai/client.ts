import { OpenAI as OfficialClient } from "openai";
import type { ProviderContext } from "../provider-context.ts";
import type { UpstreamSettings } from "../upstream-settings.ts";

/** Where OpenAI itself answers. */
export const OPENAI_BASE_URL = "https://api.openai.com/v1";

/** The longest that a timer can wait; how long an upstream may take is the business of whoever calls. */
const NO_TIMEOUT = 2 ** 31 - 1;

/** The client demands a key; where there is none, no `Authorization` is sent at all. */
const NO_KEY = "none";

/**
 * The official client for one upstream. It takes nothing from the environment: a key, an organisation or a header that is
 * meant for OpenAI must not reach another server.
 */
export function createOpenaiClient(settings: UpstreamSettings, context: ProviderContext): OfficialClient {
  return new OpenAI(settings, context);
}

/** Whether an upstream is OpenAI itself, and not one of the many servers that speak its protocol. */
export function isOpenai(settings: Pick<UpstreamSettings, "base_url">): boolean {
  return URL.parse(settings.base_url ?? OPENAI_BASE_URL)?.hostname === "api.openai.com";
}

/** Upstreams are told the name of this class as that of the client. */
class OpenAI extends OfficialClient {
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
  }
}

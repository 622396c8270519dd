import { type DiscoveredUpstream, discoveredSettings } from "./discovered-upstream.ts";

/** The environment variables by which the vendors' own clients find key and address. */
export type KeyVariables = {
  readonly GOOGLE_API_KEY?: string | undefined;
  readonly GEMINI_API_KEY?: string | undefined;
  readonly OPENAI_API_KEY?: string | undefined;
  readonly OPENAI_BASE_URL?: string | undefined;
};

type Key = { name: string; value: string };

const openAi = "https://api.openai.com/v1";

/** The upstreams that variables name. `warn` hears of a variable that cannot be used, without its value. */
export function keyedUpstreams(variables: KeyVariables, warn: (message: string) => void): DiscoveredUpstream[] {
  const key = (name: keyof KeyVariables): Key[] => {
    const value = variables[name]?.trim() ?? "";
    if (value === "") return [];
    if (/^[\x21-\x7e]+$/.test(value)) return [{ name, value }];
    warn(`${name} is ignored: a key has neither spaces nor characters beyond ASCII`);
    return [];
  };
  // Google's clients take the first when both are set.
  const [google, unused] = [...key("GOOGLE_API_KEY"), ...key("GEMINI_API_KEY")];
  const [openAiKey] = key("OPENAI_API_KEY");
  return [
    ...(google === undefined ? [] : [gemini(google, unused)]),
    ...openAiUpstream(openAiKey, variables.OPENAI_BASE_URL?.trim() ?? "", warn),
  ];
}

function gemini(key: Key, unused: Key | undefined): DiscoveredUpstream {
  const settings = discoveredSettings({ name: "gemini", kind: "gemini", key: key.value, protocol: "auto" });
  const also = unused === undefined ? "" : ` (${unused.name} is set too and not used)`;
  return { settings, found: `Gemini, key from ${key.name}${also}` };
}

function openAiUpstream(key: Key | undefined, address: string, warn: (message: string) => void): DiscoveredUpstream[] {
  const from = key === undefined ? "" : `, key from ${key.name}`;
  if (address === "") {
    if (key === undefined) return [];
    const settings = discoveredSettings({ name: "openai", kind: "openai-responses", base_url: openAi, key: key.value });
    return [{ settings, found: `OpenAI${from}` }];
  }
  const url = plainAddress(address);
  if (url === undefined) {
    // The key is for whoever is there, and nobody knows who that is.
    warn("OPENAI_BASE_URL is ignored, and OPENAI_API_KEY with it: it is no address like http://host:8000/v1");
    return [];
  }
  const isOpenAi = url === openAi;
  if (isOpenAi && key === undefined) return [];
  const settings = discoveredSettings({
    name: "openai",
    kind: isOpenAi ? "openai-responses" : "openai-chat",
    base_url: url,
    ...(key === undefined ? {} : { key: key.value }),
    inline_media: isLoopback(url),
  });
  return [{ settings, found: isOpenAi ? `OpenAI${from}` : `OpenAI-compatible server at ${url}${from}` }];
}

/** An address without a slash at the end, unless it holds more than that. */
function plainAddress(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  const plain = url.username === "" && url.password === "" && !/[?#]/.test(url.href);
  return plain ? url.href.replace(/\/+$/, "") : undefined;
}

/** Whether an address is on this machine. */
export function isLoopback(url: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}

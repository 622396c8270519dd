import type { HubDescription } from "../configuration/running-hub.ts";
import type { Configuration } from "../configuration/schema.ts";

/** What the start-up text tells. */
export type BannerFacts = {
  version: string;
  /** Where clients point their base URL, without a slash at the end. */
  url: string;
  hub: HubDescription;
  configuration: Pick<Configuration, "api_keys" | "aliases" | "default_model" | "discover">;
};

/** The lines that are printed when the server listens, with one line to copy for each SDK. */
export function banner({ version, url, hub, configuration }: BannerFacts): string {
  const keyNeeded = configuration.api_keys.length > 0;
  const key = keyNeeded ? "YOUR_KEY" : "local";
  const header = keyNeeded ? ` -H "x-goog-api-key: ${key}"` : "";
  const { aliases, default_model: byDefault } = configuration;
  const { simulator_answers_for: simulated } = hub;
  const facts: [string, string[]][] = [
    [
      "Data",
      [hub.data_file === ":memory:" ? "in memory, gone at the end" : hub.data_file, ...upgradeLines(hub.upgraded)],
    ],
    ["Upstreams", upstreamLines(hub.upstreams, configuration.discover)],
    ["Aliases", aliases.size === 0 ? [] : [[...aliases.keys()].join(", ")]],
    ["Default", byDefault === undefined ? [] : [byDefault]],
    ["Simulator", [simulated === undefined ? "off" : `answers for ${simulated}`]],
    ["API key", [keyNeeded ? "one of the configured keys" : "none needed; any is accepted"]],
  ];
  return `interactions-hub ${version} listens on ${url}

${facts.flatMap(([title, lines]) => lines.map((line, index) => row(index === 0 ? title : "", line))).join("\n")}

${row("JavaScript", `const ai = new GoogleGenAI({ apiKey: "${key}", httpOptions: { baseUrl: "${url}" } });`)}
${row("Python", `client = genai.Client(api_key="${key}", http_options={"base_url": "${url}"})`)}
${row("curl", `curl ${url}/v1beta/interactions${header} -d '{"model": "${hub.example_model}", "input": "Hello"}'`)}

`;
}

function upgradeLines(upgraded: HubDescription["upgraded"]): string[] {
  if (upgraded === undefined) return [];
  const { from, to, kept } = upgraded;
  return [`upgraded from schema ${from} to ${to}; as it was, it is kept as`, kept];
}

function upstreamLines(upstreams: HubDescription["upstreams"], discovered: boolean): string[] {
  if (upstreams.length > 0) {
    const longest = Math.max(...upstreams.map(({ name }) => name.length));
    return upstreams.map(({ name, line }) => `${name.padEnd(longest)}  ${line}`);
  }
  return discovered
    ? [
        "none found; set GEMINI_API_KEY or OPENAI_API_KEY, start a model server such as Ollama,",
        "or name some as upstreams in the file of --config",
      ]
    : ["none; name some as upstreams in the file of --config"];
}

function row(title: string, line: string): string {
  return `  ${title.padEnd(10)}  ${line}`;
}

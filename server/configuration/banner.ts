/** What the start-up text tells. */
export type BannerFacts = {
  version: string;
  /** Where clients point their base URL, without a slash at the end. */
  url: string;
  /** The database file, or `:memory:`. */
  dataFile: string;
  /** For whom the simulator answers. */
  simulatorAnswersFor: string;
  /** Whether clients must send one of the configured keys. */
  keyNeeded: boolean;
};

/** The lines that are printed when the server listens, with one line to copy for each SDK. */
export function banner({ version, url, dataFile, simulatorAnswersFor, keyNeeded }: BannerFacts): string {
  const key = keyNeeded ? "YOUR_KEY" : "local";
  const header = keyNeeded ? ` -H "x-goog-api-key: ${key}"` : "";
  const kept = dataFile === ":memory:" ? "in memory, gone at the end" : dataFile;
  return `interactions-hub ${version} listens on ${url}

  Data        ${kept}
  Answers     the built-in simulator, for ${simulatorAnswersFor}
  API key     ${keyNeeded ? "one of the configured keys" : "none needed; any is accepted"}

  JavaScript  const ai = new GoogleGenAI({ apiKey: "${key}", httpOptions: { baseUrl: "${url}" } });
  Python      client = genai.Client(api_key="${key}", http_options={"base_url": "${url}"})
  curl        curl ${url}/v1beta/interactions${header} -d '{"model": "gemini-2.5-flash", "input": "Hello"}'

`;
}

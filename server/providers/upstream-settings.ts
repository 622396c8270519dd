/** The kinds of server that can stand behind the hub. */
export const upstreamKinds = ["openai-chat", "openai-responses", "gemini"] as const;
export type UpstreamKind = (typeof upstreamKinds)[number];

/** By which of Google's two protocols a Gemini upstream is asked; `auto` tells it from the model. */
export const geminiProtocols = ["auto", "interactions", "generate-content"] as const;
export type GeminiProtocol = (typeof geminiProtocols)[number];

/** What the configuration says of one upstream. Times are milliseconds. */
export type UpstreamSettings = {
  name: string;
  kind: UpstreamKind;
  /** Without it, the vendor's own. */
  base_url?: string;
  key?: string;
  headers: Readonly<Record<string, string>>;
  /** How long a connection may take to open. */
  connect_timeout: number;
  /** How long the first event of an answer may take, from the request on. */
  first_event_timeout: number;
  /** The longest silence within an answer. */
  idle_timeout: number;
  /** Further attempts while nothing has been answered. */
  retries: number;
  /** The models it offers; when empty, those that it lists itself. */
  models: readonly string[];
  /** Whether media at URIs are fetched by the hub and sent as bytes, for servers that fetch nothing. */
  inline_media: boolean;
  /** gemini: whether the key of whoever asks is used. */
  caller_key: boolean;
  /** gemini. */
  protocol?: GeminiProtocol;
};

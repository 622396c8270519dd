/** Sends a request to an upstream, in the manner of the platform's `fetch`; the body streams. */
export type UpstreamFetch = typeof globalThis.fetch;

/** Fetches what a user's URI names, as standard base64. Throws a `HubError` where it may not or cannot be fetched. */
export type MediaFetch = (uri: string, signal: AbortSignal) => Promise<{ data: string; mime_type?: string }>;

/** What every provider gets from outside. */
export type ProviderContext = {
  fetch: UpstreamFetch;
  fetchMedia: MediaFetch;
  /** Waits; rejects when the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Milliseconds since 1970. */
  now(): number;
  /** A number from 0 up to 1, exclusive. */
  random(): number;
  /** Tells the operator of what no client hears about. */
  warn(message: string, details: object): void;
};

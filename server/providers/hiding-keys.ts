import type { UpstreamFetch } from "./provider-context.ts";

/** Headers that prove who asks. */
const proofs = ["authorization", "x-goog-api-key", "x-api-key", "api-key"];

/** A shorter one may well be a word of the answer, and protects nothing. */
const SHORTEST_KEY = 8;

/** A `fetch` whose refusals do not repeat the key that was sent: some servers say what they got, and what they say is told on. */
export function hidingKeys(fetch: UpstreamFetch): UpstreamFetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (response.status < 400) return response;
    const sent = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    const keys = proofs.flatMap((name) => sent.get(name)?.split(" ").at(-1) ?? []);
    const said = await response.text();
    const shown = keys
      .filter((key) => key.length >= SHORTEST_KEY)
      .reduce((text, key) => text.replaceAll(key, "[hidden]"), said);
    const { status, statusText, headers } = response;
    return new Response(shown, { status, statusText, headers: without(headers, "content-length") });
  };
}

function without(headers: Headers, name: string): Headers {
  const others = new Headers(headers);
  others.delete(name);
  return others;
}

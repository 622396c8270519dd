/** Why a URL cannot be that of a server over HTTP; `undefined` if it can. */
export function refuseAddress(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (parsed === null) return "It is not a URL.";
  if (parsed.protocol !== "https:" && parsed.protocol !== "http:") return "It must begin with https:// or http://.";
  // The URL is stored and shown; and no HTTP client sends such a part.
  if (parsed.username !== "" || parsed.password !== "") return "It must hold no credentials; 'headers' can carry them.";
  return undefined;
}

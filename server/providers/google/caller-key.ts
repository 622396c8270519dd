import { HubError } from "../../../schema/core/error.ts";

/** The key of whoever asks. Throws a `HubError` where there is none, or none that could be sent. */
export function callerKeyOf({ caller_key: key }: { caller_key?: string }, upstream: string): string {
  if (key !== undefined && /^[\x21-\x7e]+$/.test(key)) return key;
  const what = key === undefined ? "send one as 'x-goog-api-key'" : "the one that was sent cannot be one";
  throw new HubError("authentication", `The upstream '${upstream}' is asked with the key of whoever asks: ${what}.`);
}

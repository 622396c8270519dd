import { HubError } from "../../schema/core/error.ts";
import { shortened } from "../../schema/core/shortened.ts";

/** Fetches what a URI names, as standard base64. */
export type FetchMedia = (uri: string, signal: AbortSignal) => Promise<{ data: string; mime_type?: string }>;

export type MediaFetchOptions = {
  fetch: typeof globalThis.fetch;
  /** The most bytes that one medium may have. */
  limit: number;
  /** Milliseconds for all of it. */
  timeout: number;
};

/**
 * Fetches what users name by URI. Throws a `HubError` that names the URI where it may not be fetched, is not there, is too
 * large or takes too long; with the signal's reason where that aborts.
 */
export function createMediaFetch({ fetch, limit, timeout }: MediaFetchOptions): FetchMedia {
  async function load(uri: string, signal: AbortSignal): Promise<{ data: string; mime_type?: string }> {
    const response = await fetch(uri, { headers: { accept: "*/*" }, signal });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new HubError("invalid_request", `${named(uri)} cannot be fetched: its server answered ${response.status}.`);
    }
    const data = (await readAtMost(response, limit, uri)).toString("base64");
    const type = response.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
    return type === undefined || type === "" ? { data } : { data, mime_type: type };
  }

  return async (uri, signal) => {
    if (!URL.canParse(uri)) throw new HubError("invalid_request", `${named(uri)} is not a URI.`);
    const late = AbortSignal.timeout(timeout);
    try {
      return await load(uri, AbortSignal.any([signal, late]));
    } catch (error) {
      signal.throwIfAborted();
      if (late.aborted)
        throw new HubError("deadline_exceeded", `${named(uri)} could not be fetched within ${timeout / 1000} s.`);
      if (error instanceof HubError) throw error;
      throw new HubError("invalid_request", `${named(uri)} cannot be fetched: its server cannot be reached.`, {
        cause: error,
      });
    }
  };
}

async function readAtMost(response: Response, limit: number, uri: string): Promise<Buffer> {
  const tooLarge = () => new HubError("request_too_large", `${named(uri)} has more than ${limit} bytes.`);
  if (Number(response.headers.get("content-length") ?? 0) > limit) {
    await response.body?.cancel();
    throw tooLarge();
  }
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body ?? []) {
    size += piece.length;
    // Leaving the loop breaks off the connection.
    if (size > limit) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces, size);
}

/** Without what may give access: the query, which may be signed, and a password. */
function named(uri: string): string {
  return `The media at '${shortened(uri.replace(/[?#].*$/s, "").replace(/\/\/[^/]*@/, "//"))}'`;
}

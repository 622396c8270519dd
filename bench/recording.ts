import type { BenchRequest, Client } from "./http-client.ts";

/** What the hub once answered, in the chunks in which it came. */
export type Recording = { headers: Record<string, string>; chunks: string[] };

/** Headers that belong to a connection or to one reply, which the other server makes itself. */
const ownHeaders = new Set(["connection", "date", "keep-alive", "transfer-encoding"]);

export async function record(client: Client, request: BenchRequest): Promise<Recording> {
  const chunks: Buffer[] = [];
  const headers = await client.send(request, (chunk) => chunks.push(chunk));
  const kept = Object.entries(headers).filter(([name]) => !ownHeaders.has(name));
  return {
    headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
    // One character a byte: the socket may have cut a chunk inside a character.
    chunks: chunks.map((chunk) => chunk.toString("latin1")),
  };
}

/** The same reply with every record of the stream in a chunk of its own. */
export function recordByRecord({ headers, chunks }: Recording): Recording {
  return { headers, chunks: chunks.join("").match(/[\s\S]+?\n\n/g) ?? [] };
}

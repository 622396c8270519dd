import { HubError } from "../../../schema/core/error.ts";

/** Refuses a body that is larger than the server takes. */
export function tooLarge(limit: number): HubError {
  return new HubError("request_too_large", `The request body is larger than ${limit} bytes (limits.body_bytes).`);
}

/** A request's whole body. It stops reading, and rejects, as soon as the body is larger than `limit` bytes. */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  refuseCompressed(request.headers.get("content-encoding"));
  const announced = request.headers.get("content-length");
  if (announced !== null) {
    if (Number(announced) > limit) throw tooLarge(limit);
    // The HTTP parser holds a sender to the length it announced, so the whole body can be taken at once.
    const bytes = new Uint8Array(await received(request.arrayBuffer()));
    if (bytes.byteLength > limit) throw tooLarge(limit);
    return bytes;
  }
  return request.body === null ? new Uint8Array() : received(readStream(request.body, limit));
}

/** Refuses a body that would have to be unpacked: what comes out of it cannot be bounded by what came in. */
export function refuseCompressed(encoding: string | null | undefined): void {
  if (encoding === null || encoding === undefined || encoding.trim().toLowerCase() === "identity") return;
  throw new HubError(
    "invalid_request",
    "Compressed request bodies are not supported; send it without Content-Encoding.",
  );
}

async function readStream(body: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the stream, so nothing more is taken from the sender.
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, length);
}

/** What breaks while a body comes in is the client's going away, not a defect. */
async function received<T>(body: Promise<T>): Promise<T> {
  try {
    return await body;
  } catch (error) {
    if (error instanceof HubError) throw error;
    throw new HubError("cancelled", "The request body broke off.", { cause: error });
  }
}

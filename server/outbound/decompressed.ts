import { HubError } from "../../schema/core/error.ts";
import type { BodyLimit } from "./incoming-body.ts";

/** What this platform decodes; the standard's own list does not have all of it. */
const formats: ReadonlyMap<string, CompressionFormat> = new Map([
  ["gzip", "gzip"],
  ["x-gzip", "gzip"],
  ["deflate", "deflate"],
  ["br", "brotli" as CompressionFormat],
]);

/** The answer with its body as it was before the server compressed it; some do although they are asked not to. */
export function decompressed(response: Response, limit?: BodyLimit): Response {
  const coding = response.headers.get("content-encoding")?.trim().toLowerCase();
  if (coding === undefined || coding === "identity" || response.body === null) return response;
  const format = formats.get(coding);
  if (format === undefined) {
    void response.body.cancel();
    throw new HubError(
      "upstream_error",
      `A server compressed its answer in a way ('${coding}') that is not known here.`,
    );
  }
  const headers = new Headers(response.headers);
  headers.delete("content-encoding");
  headers.delete("content-length");
  const plain = response.body.pipeThrough(new DecompressionStream(format));
  const body = limit === undefined ? plain : plain.pipeThrough(atMost(limit));
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}

/** A few bytes can become thousands of times as many. */
function atMost({ bytes, reason }: BodyLimit): TransformStream<Uint8Array, Uint8Array> {
  let received = 0;
  return new TransformStream({
    transform(piece: Uint8Array, controller) {
      received += piece.length;
      if (received <= bytes) controller.enqueue(piece);
      else if (reason === undefined) controller.terminate();
      else controller.error(reason);
    },
  });
}

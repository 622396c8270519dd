import { HubError } from "../../schema/core/error.ts";

/** What this platform decodes; the standard's own list does not have all of it. */
const formats: ReadonlyMap<string, CompressionFormat> = new Map([
  ["gzip", "gzip"],
  ["x-gzip", "gzip"],
  ["deflate", "deflate"],
  ["br", "brotli" as CompressionFormat],
]);

/** The answer with its body as it was before the server compressed it; some do although they are asked not to. */
export function decompressed(response: Response): Response {
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
  const body = response.body.pipeThrough(new DecompressionStream(format));
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}

import { HubError } from "../../schema/core/error.ts";

const formats = { gzip: "gzip", "x-gzip": "gzip", deflate: "deflate", br: "brotli" } as const;

/** The answer with its body as it was before the server compressed it; some do although they are asked not to. */
export function decompressed(response: Response): Response {
  const coding = response.headers.get("content-encoding")?.trim().toLowerCase();
  if (coding === undefined || coding === "identity" || response.body === null) return response;
  if (!isKnown(coding)) {
    void response.body.cancel();
    throw new HubError(
      "upstream_error",
      `A server compressed its answer in a way ('${coding}') that is not known here.`,
    );
  }
  const headers = new Headers(response.headers);
  headers.delete("content-encoding");
  headers.delete("content-length");
  const body = response.body.pipeThrough(new DecompressionStream(formats[coding]));
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}

function isKnown(coding: string): coding is keyof typeof formats {
  return Object.hasOwn(formats, coding);
}

import { MimeType } from "../../../schema/core/mime-type.ts";
import type { Headers } from "../../operation.ts";

const unknown = "application/octet-stream";

/** The ends of file names by type, where the subtype does not say it. */
const endings: { readonly [type: string]: string } = {
  "application/json": "json",
  "application/pdf": "pdf",
  "application/xml": "xml",
  "audio/aac": "aac",
  "audio/aiff": "aiff",
  "audio/flac": "flac",
  "audio/m4a": "m4a",
  "audio/mp3": "mp3",
  "audio/mp4": "m4a",
  "audio/mpeg": "mp3",
  "audio/ogg": "ogg",
  "audio/opus": "opus",
  "audio/wav": "wav",
  "audio/webm": "weba",
  "audio/x-wav": "wav",
  "image/avif": "avif",
  "image/bmp": "bmp",
  "image/gif": "gif",
  "image/heic": "heic",
  "image/heif": "heif",
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/svg+xml": "svg",
  "image/tiff": "tiff",
  "image/webp": "webp",
  "text/csv": "csv",
  "text/html": "html",
  "text/markdown": "md",
  "text/plain": "txt",
  "video/3gpp": "3gp",
  "video/mp4": "mp4",
  "video/mpeg": "mpeg",
  "video/quicktime": "mov",
  "video/webm": "webm",
  "video/x-flv": "flv",
};

/**
 * How media is served. Its type is what somebody said, and its bytes are anybody's: a browser shows what cannot act, saves
 * the rest, and takes neither for anything else than it is called. Whatever has a hash never changes.
 */
export function mediaHeaders(sha256: string, stored: string | undefined): Headers {
  const type = servedType(stored);
  const essence = essenceOf(type);
  const disposition = isShown(essence) ? "inline" : "attachment";
  return {
    "content-type": type,
    "content-disposition": `${disposition}; filename="${sha256}.${endings[essence] ?? "bin"}"`,
    "x-content-type-options": "nosniff",
    // Browsers show PDF by viewers of their own, which no page can reach into and which a policy keeps from working.
    ...(essence === "application/pdf" ? {} : { "content-security-policy": policy }),
    "cache-control": "private, max-age=31536000, immutable",
  };
}

/** No scripts and no origin; the rest is what browsers need to show an image or to play what stands alone in a window. */
const policy = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'";

/** The stored type, if it is one that may stand in a header; scripts and style sheets are text that nobody can run. */
function servedType(stored: string | undefined): string {
  if (stored === undefined || !/^[\x20-\x7e]+$/.test(stored) || !MimeType.safeParse(stored).success) return unknown;
  return /(?:java|ecma|live|j)script|\/css$/.test(essenceOf(stored)) ? "text/plain; charset=utf-8" : stored;
}

/** The type without its parameters. */
function essenceOf(type: string): string {
  return type.split(";", 1)[0]?.trim().toLowerCase() ?? type;
}

/** What browsers may show. Images that are XML can hold scripts. */
function isShown(essence: string): boolean {
  return essence === "application/pdf" || (/^(?:image|audio|video)\//.test(essence) && !essence.endsWith("xml"));
}

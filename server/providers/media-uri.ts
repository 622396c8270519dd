import { shortened } from "../../schema/core/shortened.ts";

/** Addresses that only Google's own services can read. */
const googleOnly =
  /^gs:|^https?:\/\/(?:generativelanguage\.googleapis\.com\/.*\bfiles\/|(?:[\w-]+\.)*(?:youtube\.com|youtu\.be)\/)/i;

/** Whether nobody but Google can fetch what is there: a bucket, a file of the File API, a film on YouTube. */
export function isGoogleOnly(uri: string): boolean {
  return googleOnly.test(uri);
}

/** An address for people and logs: without what may give access, a query that is signed or a password. */
export function shownUri(uri: string): string {
  return shortened(uri.replace(/[?#].*$/s, "").replace(/\/\/[^/]*@/, "//"));
}

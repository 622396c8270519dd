import { z } from "zod";
import { isTree } from "./configuration-file.ts";
import { isMask, mask } from "./secret-text.ts";
import type { ValueKind } from "./value-kind.ts";

/** Headers by name, as they are sent. */
export type HeaderMap = Readonly<Record<string, string>>;

/** What the hub says itself with each request, or what belongs to the connection. */
const own = new Set([
  "accept-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Further headers for an upstream. Their values may be keys: no message repeats one, and they are printed as masks. */
export function headerMap(): ValueKind<HeaderMap> {
  const schema = z.unknown().transform((value, context): HeaderMap => {
    const refuse = (message: string, path: string[] = []): never => {
      context.addIssue({ code: "custom", message, path });
      return z.NEVER;
    };
    if (!isTree(value)) return refuse("expected names of headers with their values");
    const seen = new Set<string>();
    for (const [name, text] of Object.entries(value)) {
      // Whoever forgot the colon wrote the value into the name.
      if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) return refuse("expected names of headers, like X-Team");
      const plain = name.toLowerCase();
      if (own.has(plain)) return refuse("the hub sets this header itself", [name]);
      if (seen.has(plain)) return refuse("this header is given twice", [name]);
      seen.add(plain);
      if (typeof text !== "string") return refuse("expected text, in quotes if it looks like something else", [name]);
      if (isMask(text)) return refuse("this is a mask, not a value", [name]);
      if (!/^[\x20-\x7e]+$/.test(text)) return refuse("expected printable ASCII characters in one line", [name]);
    }
    return value as HeaderMap;
  });
  return {
    placeholder: "map",
    schema,
    write: (headers) => Object.fromEntries(Object.keys(headers).map((name) => [name, mask])),
  };
}

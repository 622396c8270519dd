import type { IncomingMessage } from "node:http";
import type { Read } from "../operation.ts";

/** Reads the headers of a request as Node has it. */
export function headerReader({ headers }: IncomingMessage): Read {
  return (name) => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  };
}

/** Reads the query of a request as Node has it. */
export function queryReader({ url = "" }: IncomingMessage): Read {
  let search: URLSearchParams | undefined;
  return (name) => {
    const start = url.indexOf("?");
    if (start === -1) return undefined;
    search ??= new URLSearchParams(url.slice(start));
    return search.get(name) ?? undefined;
  };
}

/** The path of a request as it was sent. */
export function pathOf({ url = "/" }: IncomingMessage): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

import type { Key } from "../archive.ts";
import { decodeBase64Text, encodeBase64Text } from "./base64-text.ts";

/** The orders in which pages come: a cursor of one means nothing in another. */
export type PageOrder = "created" | "updated" | "rank" | "branch" | "change";

/** A place in a list, opaque to clients, safe in a URL and good for as long as the list is in this order. */
export function encodePageCursor(order: PageOrder, key: Key): string {
  return encodeBase64Text(`${order} ${JSON.stringify(key)}`);
}

/** Reads a cursor; `undefined` if it is none of this order. */
export function decodePageCursor(order: PageOrder, text: string): Key | undefined {
  const plain = decodeBase64Text(text);
  if (plain === undefined || !plain.startsWith(`${order} [`)) return undefined;
  try {
    const key: unknown = JSON.parse(plain.slice(order.length + 1));
    return Array.isArray(key) && key.length > 0 && key.every(Number.isFinite) ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Bytes from `from` up to `to`, which is exclusive. */
export type ByteRange = { from: number; to: number };

/**
 * The bytes that a Range header asks for (RFC 9110, section 14.1.2), of so many. `undefined` stands for all of them: a
 * server may leave a header aside that asks for several ranges, and must leave one aside that it does not understand.
 */
export function byteRange(header: string, size: number): ByteRange | "unsatisfiable" | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/i.exec(header.trim()) ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "") {
    const count = Math.min(Number(last), size);
    return count === 0 ? "unsatisfiable" : { from: size - count, to: size };
  }
  const from = Number(first);
  if (last !== "" && Number(last) < from) return undefined;
  if (from >= size) return "unsatisfiable";
  return { from, to: last === "" ? size : Math.min(Number(last) + 1, size) };
}

import { HubError } from "../../schema/core/error.ts";
import type { FileReply, Headers, Read } from "../operation.ts";
import { type ByteRange, byteRange } from "./byte-range.ts";

/** What goes out of a file: all of it, a part, or only its headers. */
export type PartReply = {
  kind: "part";
  status: 200 | 206 | 304;
  headers: Headers;
  range: ByteRange;
  read: FileReply["read"];
};

/** Why nothing goes out of it. */
export type RefusedPart = { kind: "refused"; status: 412 | 416; headers: Headers; refused: HubError };

const nothing: ByteRange = { from: 0, to: 0 };

/** Judges what the client has already and what it asks for, in the order of RFC 9110, section 13.2.2. */
export function selectBytes(file: FileReply, method: string, header: Read): PartReply | RefusedPart {
  const { size, read } = file;
  const etag = `"${file.tag}"`;
  const wanted = header("if-match");
  if (wanted !== undefined && !names(wanted, etag)) {
    const refused = new HubError("failed_precondition", "These are not the bytes that If-Match names.");
    return { kind: "refused", status: 412, headers: {}, refused };
  }
  const known = header("if-none-match");
  // A weak tag means the same bytes here: ours never change.
  if (known !== undefined && names(known.replaceAll(/\bW\/(?=")/g, ""), etag)) {
    const { "cache-control": lifetime } = file.headers;
    const headers = { etag, ...(lifetime === undefined ? {} : { "cache-control": lifetime }) };
    return { kind: "part", status: 304, headers, range: nothing, read };
  }
  const range = method === "GET" ? rangeOf(size, etag, header) : undefined;
  if (range === "unsatisfiable") {
    const refused = new HubError("invalid_request", `The range is outside of these ${size} bytes.`);
    return { kind: "refused", status: 416, headers: { "content-range": `bytes */${size}` }, refused };
  }
  const headers = { ...file.headers, etag, "accept-ranges": "bytes" };
  if (range === undefined) {
    const whole = { ...headers, "content-length": String(size) };
    return {
      kind: "part",
      status: 200,
      headers: whole,
      range: method === "GET" ? { from: 0, to: size } : nothing,
      read,
    };
  }
  const { from, to } = range;
  const placed = { "content-length": String(to - from), "content-range": `bytes ${from}-${to - 1}/${size}` };
  return { kind: "part", status: 206, headers: { ...headers, ...placed }, range, read };
}

/** Only GET has ranges, and only where what the client has the beginning of is still the same. */
function rangeOf(size: number, etag: string, header: Read): ReturnType<typeof byteRange> {
  const range = header("range");
  const condition = header("if-range");
  if (range === undefined || (condition !== undefined && condition.trim() !== etag)) return undefined;
  return byteRange(range, size);
}

/** Whether a list of entity tags, or the star, means this one, which has no comma. */
function names(list: string, etag: string): boolean {
  return list.split(",").some((one) => one.trim() === "*" || one.trim() === etag);
}

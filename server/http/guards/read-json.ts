import { HubError } from "../../../schema/core/error.ts";
import { infinityIn } from "../../../schema/core/infinite-number.ts";
import { type JsonLimits, jsonExcess } from "../../../schema/core/json-excess.ts";
import { readBody } from "./read-body.ts";

/** What a request body may be at most. */
export type BodyLimits = JsonLimits & { body_bytes: number };

const excessMessages = {
  json_depth: (limit) => `The request body nests arrays and objects deeper than ${limit} levels (limits.json_depth).`,
  json_values: (limit) => `The request body holds more than ${limit} values (limits.json_values).`,
} satisfies Record<keyof JsonLimits, (limit: number) => string>;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * A request's JSON body, or `undefined` when there is none: SDKs announce JSON on cancel, GET and DELETE and send nothing.
 * A member named `__proto__` is an own member like any other, as `JSON.parse` makes it.
 */
export async function readJson(request: Request, limits: BodyLimits): Promise<unknown> {
  return jsonOf(await readBody(request, limits.body_bytes), limits);
}

/** The JSON that a body holds, or `undefined` if it is empty. */
export function jsonOf(bytes: Uint8Array, limits: JsonLimits): unknown {
  const text = decode(bytes);
  if (text.trim() === "") return undefined;
  const excess = jsonExcess(text, limits);
  if (excess !== undefined) throw new HubError("invalid_request", excessMessages[excess](limits[excess]));
  const body = parse(text);
  const place = infinityIn(body);
  if (place !== undefined) {
    const path = place.replace(/^\./, "");
    const where = path === "" ? "" : ` at '${path}'`;
    throw new HubError("invalid_request", `The number${where} is too large.`, path === "" ? {} : { field: path });
  }
  return body;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the body, and a cause is logged.
    throw new HubError("invalid_request", "The request body is not valid JSON.");
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new HubError("invalid_request", "The request body is not valid UTF-8.", { cause });
  }
}

import { HubError } from "../../../schema/core/error.ts";
import { nestsDeeperThan } from "./json-depth.ts";
import { readBody } from "./read-body.ts";

/** What a request body may be at most. */
export type BodyLimits = { body_bytes: number; json_depth: number };

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * A request's JSON body, or `undefined` when there is none: SDKs announce JSON on cancel, GET and DELETE and send nothing.
 * A member named `__proto__` is an own member like any other, as `JSON.parse` makes it.
 */
export async function readJson(request: Request, limits: BodyLimits): Promise<unknown> {
  const text = decode(await readBody(request, limits.body_bytes));
  if (text.trim() === "") return undefined;
  if (nestsDeeperThan(text, limits.json_depth)) {
    throw new HubError(
      "invalid_request",
      `The request body nests arrays and objects deeper than ${limits.json_depth} levels (limits.json_depth).`,
    );
  }
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

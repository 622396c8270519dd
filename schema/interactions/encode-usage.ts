import type { JsonObject } from "../core/json.ts";
import type { Usage } from "../core/usage.ts";
import { withExtra } from "./encode-content.ts";

/** Token counts under the wire's names. A zero is a count and stays; a counter that nobody reported stays absent. */
export function encodeUsage(usage: Usage): JsonObject {
  const { extra, ...counters } = usage;
  return withExtra(counters as JsonObject, extra);
}

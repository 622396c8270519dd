import type { Content } from "../core/content.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../core/json.ts";
import { decodeContent, isContentType } from "./decode-content.ts";
import { readsLikeTool, unsupportedItem } from "./decode-tool-step.ts";
import { keepUnknown, type Unknown } from "./keep-unknown.ts";
import { isStepType } from "./step-types.ts";

/** Whether an item is of a type that names nothing the hub knows and does not read like a tool's step. */
export function isStranger(item: JsonValue): boolean {
  const type = isJsonObject(item) ? item.type : undefined;
  return typeof type === "string" && !isContentType(type) && !isStepType(type) && !readsLikeTool(type);
}

/** An item of a list that may hold steps as well, as a content, be it one that nobody knows; `undefined` for a step. */
export function decodeListedContent(object: JsonObject, path: string, unknown: Unknown): Content | undefined {
  if (isContentType(object.type)) return decodeContent(object, path);
  if (!isStranger(object)) return undefined;
  keepUnknown(unsupportedItem(String(object.type), path), unknown);
  return { type: "other", raw: object };
}

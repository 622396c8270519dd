import { isDeepStrictEqual } from "node:util";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { Content, MediaType } from "../../../schema/core/content.ts";
import type { JsonObject, JsonValue } from "../../../schema/core/json.ts";
import type { ToolOutcome } from "../../../schema/core/step.ts";

type Block = CallToolResult["content"][number];

/**
 * What an MCP tool gave back, in our words. A structured result usually comes a second time as text, for
 * older clients; then the structure alone stands for both.
 */
export function outcomeOf({ content: blocks, structuredContent }: CallToolResult): ToolOutcome {
  const structured = structuredContent as JsonObject | undefined;
  if (structured !== undefined && blocks.every((block) => saysTheSame(block, structured)))
    return { type: "json", json: structured };
  const content = blocks.map(contentOf);
  if (structured !== undefined && !blocks.some((block) => saysTheSame(block, structured)))
    content.push(textOf(structured));
  const [first, ...others] = content;
  if (first === undefined) return { type: "text", text: "" };
  return first.type === "text" && others.length === 0
    ? { type: "text", text: first.text }
    : { type: "content", content };
}

function saysTheSame(block: Block, structured: JsonObject): boolean {
  if (block.type !== "text") return false;
  try {
    return isDeepStrictEqual(JSON.parse(block.text), structured);
  } catch {
    return false;
  }
}

function contentOf(block: Block): Content {
  switch (block.type) {
    case "text":
      return { type: "text", text: block.text };
    case "image":
    case "audio":
      return mediumOf(block.type, block.mimeType, block.data);
    case "resource_link": {
      // An address that only this server may be able to read: told in words, for a model cannot open it.
      const { type: _type, _meta: _private, icons: _icons, annotations: _annotations, ...link } = block;
      return textOf({ resource_link: link as JsonObject });
    }
    case "resource": {
      const { resource } = block;
      if ("text" in resource) return { type: "text", text: `${resource.uri}:\n${resource.text}` };
      const type = mediaTypeOf(resource.mimeType);
      if (type !== undefined) return mediumOf(type, resource.mimeType, resource.blob);
      return textOf(unreadable(resource));
    }
    default:
      return block satisfies never;
  }
}

function mediumOf(type: MediaType, mimeType: string | undefined, data: string): Content {
  return { type, ...(mimeType === undefined || mimeType === "" ? {} : { mime_type: mimeType }), data: standard(data) };
}

/** The protocol's client also lets white space and missing padding pass. */
function standard(base64: string): string {
  return base64.length % 4 === 0 && !/\s/.test(base64) ? base64 : Buffer.from(base64, "base64").toString("base64");
}

function mediaTypeOf(mimeType: string | undefined): MediaType | undefined {
  const [kind] = (mimeType ?? "").split("/");
  if (kind === "image" || kind === "audio" || kind === "video") return kind;
  return mimeType === "application/pdf" ? "document" : undefined;
}

/** Bytes of a kind that no model takes: what they are is said instead of what they hold. */
function unreadable({ uri, mimeType, blob }: { uri: string; mimeType?: string | undefined; blob: string }): JsonObject {
  const bytes = Buffer.byteLength(blob, "base64");
  return { resource: { uri, mime_type: mimeType ?? "application/octet-stream", bytes }, note: "binary, not shown" };
}

function textOf(json: JsonValue): Content {
  return { type: "text", text: JSON.stringify(json) };
}

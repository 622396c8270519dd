import { z } from "zod";
import { Content } from "./content.ts";
import { JsonObject, JsonValue } from "./json.ts";

/** The tools whose calls and results the hub knows by name; anything newer is `other` and keeps its raw object. */
export const toolNames = [
  "function",
  "code_execution",
  "google_search",
  "url_context",
  "google_maps",
  "file_search",
  "mcp_server",
  "retrieval",
  "processing",
  "other",
] as const;
export type ToolName = (typeof toolNames)[number];

/**
 * An opaque token by which a provider recognises its own reasoning. `provider` names the upstream that made it, and is
 * absent when a client replayed the token without saying whose it is. It is never sent to another vendor.
 */
export const Signature = z.strictObject({ value: z.string(), provider: z.string().optional() });
export type Signature = z.infer<typeof Signature>;

/** What a tool gave back: a string, any JSON, or contents (text and media). */
export const ToolOutcome = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), text: z.string() }),
  z.strictObject({ type: z.literal("json"), json: JsonValue }),
  z.strictObject({ type: z.literal("content"), content: z.array(Content) }),
]);
export type ToolOutcome = z.infer<typeof ToolOutcome>;

/** Members of every step that the sender added and the hub does not know; given back as they came. */
const extra = JsonObject.optional();

/** What the user said. */
export const UserInput = z.strictObject({ type: z.literal("user_input"), content: z.array(Content), extra });
export type UserInput = z.infer<typeof UserInput>;

/** What the model said. `error` is in the manner of google.rpc.Status (numeric code). */
export const ModelOutput = z.strictObject({
  type: z.literal("model_output"),
  content: z.array(Content),
  error: JsonObject.optional(),
  extra,
});
export type ModelOutput = z.infer<typeof ModelOutput>;

/** What the model thought: a signature to replay, and summaries where they were asked for. */
export const Thought = z.strictObject({
  type: z.literal("thought"),
  summary: z.array(Content).optional(),
  signature: Signature.optional(),
  extra,
});
export type Thought = z.infer<typeof Thought>;

/** A tool asked for. A `function` call is answered by the client; the others by the provider or by the hub. */
export const ToolCall = z.strictObject({
  type: z.literal("tool_call"),
  tool: z.enum(toolNames),
  /** Matches the result's `call_id`. Empty only where an upstream gave none. */
  call_id: z.string(),
  /** Name of the function or of the MCP server's tool. */
  name: z.string().optional(),
  /** Name of the MCP server. */
  server_name: z.string().optional(),
  arguments: JsonObject.optional(),
  /** The arguments' JSON text as far as it came, when it was cut before it was whole. */
  arguments_text: z.string().optional(),
  signature: Signature.optional(),
  /** The whole object as it came, when `tool` is `other`. */
  raw: JsonObject.optional(),
  extra,
});
export type ToolCall = z.infer<typeof ToolCall>;

/** A tool's answer. */
export const ToolResult = z.strictObject({
  type: z.literal("tool_result"),
  tool: z.enum(toolNames),
  call_id: z.string(),
  name: z.string().optional(),
  server_name: z.string().optional(),
  result: ToolOutcome.optional(),
  is_error: z.boolean().optional(),
  signature: Signature.optional(),
  raw: JsonObject.optional(),
  extra,
});
export type ToolResult = z.infer<typeof ToolResult>;

/** A typed thing that happened in an interaction, in order. */
export const Step = z.discriminatedUnion("type", [UserInput, ModelOutput, Thought, ToolCall, ToolResult]);
export type Step = z.infer<typeof Step>;

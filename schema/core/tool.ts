import { z } from "zod";
import { JsonObject } from "./json.ts";

/** A choice of tools by name, with the mode in which they may be used. */
export const AllowedTools = z.strictObject({
  mode: z.enum(["auto", "any", "none", "validated"]).optional(),
  tools: z.array(z.string()).optional(),
});
export type AllowedTools = z.infer<typeof AllowedTools>;

/** What a call names its function by. */
const FunctionName = z.string().regex(/^[A-Za-z_][\w.:-]{0,63}$/, {
  message: "must be 1 to 64 letters, digits, '_', '.', ':' or '-', the first a letter or '_'",
});

/** A function that the client runs; `parameters` is a JSON schema. */
export const FunctionTool = z.strictObject({
  type: z.literal("function"),
  name: FunctionName,
  description: z.string().optional(),
  /** Says in a few words what the description says at length. */
  short_description: z.string().optional(),
  /** Whether the model only gets to know the function when it looks for one. */
  defer_loading: z.boolean().optional(),
  parameters: JsonObject.optional(),
});
export type FunctionTool = z.infer<typeof FunctionTool>;

/** A tool that a request offers to the model. Member names are those of the Interactions API. */
export const Tool = z.discriminatedUnion("type", [
  FunctionTool,
  z.strictObject({ type: z.literal("google_search"), search_types: z.array(z.string()).optional() }),
  z.strictObject({ type: z.literal("code_execution") }),
  z.strictObject({ type: z.literal("url_context") }),
  z.strictObject({
    type: z.literal("google_maps"),
    latitude: z.number().optional(),
    longitude: z.number().optional(),
    enable_widget: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal("file_search"),
    file_search_store_names: z.array(z.string()).optional(),
    metadata_filter: z.string().optional(),
    top_k: z.number().int().optional(),
  }),
  z.strictObject({
    type: z.literal("mcp_server"),
    name: z.string().optional(),
    url: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    allowed_tools: z.array(z.union([z.string(), AllowedTools])).optional(),
  }),
  z.strictObject({
    type: z.literal("computer_use"),
    environment: z.string().optional(),
    excluded_predefined_functions: z.array(z.string()).optional(),
    enable_prompt_injection_detection: z.boolean().optional(),
    disabled_safety_policies: z.array(z.string()).optional(),
  }),
  z.strictObject({
    type: z.literal("retrieval"),
    retrieval_types: z.array(z.string()).optional(),
    vertex_ai_search_config: JsonObject.optional(),
    rag_store_config: JsonObject.optional(),
    exa_ai_search_config: JsonObject.optional(),
    parallel_ai_search_config: JsonObject.optional(),
  }),
  /** A tool that the hub does not know, whole, for upstreams that take it. */
  z.strictObject({ type: z.literal("other"), raw: JsonObject }),
]);
export type Tool = z.infer<typeof Tool>;

/** How the model may use its tools. */
export const ToolChoice = z.union([
  z.enum(["auto", "any", "none", "validated"]),
  z.strictObject({ allowed_tools: AllowedTools }),
]);
export type ToolChoice = z.infer<typeof ToolChoice>;

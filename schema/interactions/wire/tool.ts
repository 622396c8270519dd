import { z } from "zod";
import { AllowedTools } from "../../core/tool.ts";
import { carried, named, openEnum, optional, required } from "./disposition.ts";

const strings = z.array(z.string());

const FunctionTool = named(
  "FunctionTool",
  "honoured",
  "A function that the client runs.",
  z.looseObject({
    type: z.literal("function"),
    name: required(
      z.string().min(1).max(64),
      "honoured",
      "Letters, digits, `_`, `.`, `:`, `-`; first a letter or `_`.",
    ),
    description: optional(z.string(), "honoured"),
    parameters: optional(carried(), "honoured", "A JSON schema."),
    short_description: optional(z.string(), "stored: echoed, passed on"),
    defer_loading: optional(z.boolean(), "stored: echoed, passed on"),
  }),
);

const GoogleSearchTool = named(
  "GoogleSearchTool",
  "passed on: refused by upstreams without it",
  "Search on the web.",
  z.looseObject({
    type: z.literal("google_search"),
    search_types: optional(z.array(openEnum("web_search", "image_search", "enterprise_web_search")), "passed on"),
  }),
);

const CodeExecutionTool = named(
  "CodeExecutionTool",
  "passed on: refused by upstreams without it",
  "Code that the upstream runs.",
  z.looseObject({ type: z.literal("code_execution") }),
);

const UrlContextTool = named(
  "UrlContextTool",
  "passed on: refused by upstreams without it",
  "Pages that the upstream reads.",
  z.looseObject({ type: z.literal("url_context") }),
);

const GoogleMapsTool = named(
  "GoogleMapsTool",
  "passed on: refused by upstreams without it",
  "Places on the map.",
  z.looseObject({
    type: z.literal("google_maps"),
    latitude: optional(z.number(), "passed on"),
    longitude: optional(z.number(), "passed on"),
    enable_widget: optional(z.boolean(), "passed on"),
  }),
);

const FileSearchTool = named(
  "FileSearchTool",
  "passed on: refused by upstreams without it",
  "Search in the caller's stores of files.",
  z.looseObject({
    type: z.literal("file_search"),
    file_search_store_names: optional(strings, "passed on"),
    metadata_filter: optional(z.string(), "passed on"),
    top_k: optional(z.int(), "passed on"),
  }),
);

const McpServerTool = named(
  "McpServerTool",
  "passed on: refused by upstreams without it",
  "The tools of an MCP server.",
  z.looseObject({
    type: z.literal("mcp_server"),
    name: optional(z.string(), "passed on"),
    url: optional(z.string(), "passed on"),
    headers: optional(z.record(z.string(), z.string()), "passed on: never given back"),
    allowed_tools: optional(z.array(z.union([z.string(), AllowedTools])), "passed on"),
  }),
);

const ComputerUseTool = named(
  "ComputerUseTool",
  "passed on: refused by upstreams without it",
  "A computer that the model operates through function calls.",
  z.looseObject({
    type: z.literal("computer_use"),
    environment: optional(openEnum("browser", "mobile", "desktop"), "passed on"),
    excluded_predefined_functions: optional(strings, "passed on"),
    excludedPredefinedFunctions: optional(
      strings,
      "translated: into `excluded_predefined_functions`",
      "The legacy revision's name.",
    ),
    enable_prompt_injection_detection: optional(z.boolean(), "passed on"),
    disabled_safety_policies: optional(strings, "passed on"),
  }),
);

const RetrievalTool = named(
  "RetrievalTool",
  "passed on: refused by upstreams without it",
  "Look-ups in an enterprise's stores.",
  z.looseObject({
    type: z.literal("retrieval"),
    retrieval_types: optional(strings, "passed on"),
    vertex_ai_search_config: optional(carried(), "passed on"),
    rag_store_config: optional(carried(), "passed on"),
    exa_ai_search_config: optional(carried(), "passed on: its key is never given back"),
    parallel_ai_search_config: optional(carried(), "passed on: its key is never given back"),
  }),
);

/** A tool that a request offers, the same in both revisions. */
export const Tool = named(
  "Tool",
  "honoured",
  "A tool that the model may use.",
  z.discriminatedUnion("type", [
    FunctionTool,
    GoogleSearchTool,
    CodeExecutionTool,
    UrlContextTool,
    GoogleMapsTool,
    FileSearchTool,
    McpServerTool,
    ComputerUseTool,
    RetrievalTool,
  ]),
);

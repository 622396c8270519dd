import { z } from "zod";
import { carried, type Disposition, named, notLegacy, openEnum } from "./disposition.ts";

const signature = z.string().optional().describe("Opaque; to be sent back as it is.");

function call<T extends string, Members extends z.ZodRawShape>(
  id: string,
  type: T,
  description: string,
  members: Members,
  hub: Disposition = "honoured",
) {
  return named(id, hub, description, z.looseObject({ type: z.literal(type), id: z.string(), ...members, signature }));
}

const queries = z.looseObject({ queries: z.array(z.string()).optional() });

export const FunctionCall = call(
  "FunctionCall",
  "function_call",
  "A function that the client must run. `args` is read for `arguments`.",
  {
    name: z.string(),
    arguments: carried(),
    arguments_text: z.string().optional().describe("The hub's own: the text of arguments that were cut."),
  },
);

export const CodeExecutionCall = call("CodeExecutionCall", "code_execution_call", "Code that the upstream runs.", {
  arguments: z.looseObject({ code: z.string().optional(), language: openEnum("python", "bash").optional() }),
});

export const GoogleSearchCall = call("GoogleSearchCall", "google_search_call", "Searches that the upstream makes.", {
  arguments: queries,
  search_type: openEnum("web_search", "image_search", "enterprise_web_search").optional(),
});

export const UrlContextCall = call("UrlContextCall", "url_context_call", "Pages that the upstream reads.", {
  arguments: z.looseObject({ urls: z.array(z.string()).optional() }),
});

export const GoogleMapsCall = call("GoogleMapsCall", "google_maps_call", "Places that the upstream looks up.", {
  arguments: queries.optional(),
});

export const FileSearchCall = call(
  "FileSearchCall",
  "file_search_call",
  "A search in the caller's stores of files.",
  {},
);

export const McpServerToolCall = call(
  "McpServerToolCall",
  "mcp_server_tool_call",
  "A tool of an MCP server that the upstream calls.",
  { server_name: z.string(), name: z.string(), arguments: carried() },
);

export const RetrievalCall = call(
  "RetrievalCall",
  "retrieval_call",
  "A look-up in an enterprise's stores.",
  {
    arguments: queries,
    retrieval_type: openEnum("vertex_ai_search", "rag_store", "exa_ai_search", "parallel_ai_search").optional(),
  },
  notLegacy,
);

export const ProcessingCall = call(
  "ProcessingCall",
  "processing_call",
  "Agentic processing of a video.",
  {},
  notLegacy,
);

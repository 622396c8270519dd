import { z } from "zod";
import { Content } from "./content.ts";
import { carried, type Disposition, named, notLegacy } from "./disposition.ts";

const signature = z.string().optional().describe("Opaque; to be sent back as it is.");
const isError = z.boolean().optional();

function result<T extends string, Members extends z.ZodRawShape>(
  id: string,
  type: T,
  description: string,
  members: Members,
  hub: Disposition = "honoured",
) {
  return named(
    id,
    hub,
    description,
    z.looseObject({ type: z.literal(type), call_id: z.string(), ...members, signature }),
  );
}

const Answer = z.union([z.string(), z.array(Content), carried()]);

export const FunctionResult = result(
  "FunctionResult",
  "function_result",
  "What the client's function gave back: a string, an object or contents. `function_response` and `id` are read too.",
  { result: Answer, name: z.string().optional(), is_error: isError },
);

export const CodeExecutionResult = result("CodeExecutionResult", "code_execution_result", "What the code wrote.", {
  result: z.union([z.string(), z.array(Content)]),
  is_error: isError,
});

export const GoogleSearchResult = result("GoogleSearchResult", "google_search_result", "What the searches found.", {
  result: z.array(z.looseObject({ search_suggestions: z.string().optional().describe("HTML.") })),
  is_error: isError,
});

export const UrlContextResult = result("UrlContextResult", "url_context_result", "How reading the pages went.", {
  result: z.array(z.looseObject({ url: z.string().optional(), status: z.string().optional() })),
  is_error: isError,
});

export const GoogleMapsResult = result("GoogleMapsResult", "google_maps_result", "The places that were found.", {
  result: z.array(
    z.looseObject({ places: z.array(carried()).optional(), widget_context_token: z.string().optional() }),
  ),
});

export const FileSearchResult = result(
  "FileSearchResult",
  "file_search_result",
  "The end of a search in files; citations carry what was found.",
  { result: z.array(carried()).optional() },
);

export const McpServerToolResult = result(
  "McpServerToolResult",
  "mcp_server_tool_result",
  "What the MCP server's tool gave back.",
  { result: Answer, name: z.string().optional(), server_name: z.string().optional() },
);

export const RetrievalResult = result(
  "RetrievalResult",
  "retrieval_result",
  "The end of a look-up.",
  { is_error: isError },
  notLegacy,
);

export const ProcessingResult = result(
  "ProcessingResult",
  "processing_result",
  "The end of agentic processing.",
  {},
  notLegacy,
);

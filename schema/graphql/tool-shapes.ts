import type { z } from "zod";
import { Tool } from "../core/tool.ts";
import { pascalCase } from "./camel-case.ts";
import { type Notes, type Shape, shape } from "./shape.ts";

type ToolSchema = (typeof Tool.options)[number];
type TypeOf<Schema extends ToolSchema> = z.output<Schema>["type"];

const type = "Which tool it is.";

/** What is said of each tool and of its members. */
const notes: { [Type in TypeOf<ToolSchema>]: [string, Notes<Extract<ToolSchema, ToolOf<Type>>>] } = {
  function: [
    "A function that the client runs.",
    {
      type,
      name: "What a call names it by.",
      description: "What it is for.",
      short_description: "The same in a few words.",
      defer_loading: "Whether the model only gets to know it when it looks for one.",
      parameters: "A JSON schema of the arguments.",
    },
  ],
  google_search: ["Search on the web.", { type, search_types: "What is searched." }],
  code_execution: ["Code that the upstream runs.", { type }],
  url_context: ["Pages that the upstream reads.", { type }],
  google_maps: [
    "Places on the map.",
    {
      type,
      latitude: "Where the user is, in degrees north.",
      longitude: "Where the user is, in degrees east.",
      enable_widget: "Whether a widget is given back.",
    },
  ],
  file_search: [
    "Search in stores of files.",
    {
      type,
      file_search_store_names: "Which stores.",
      metadata_filter: "Which files of them.",
      top_k: "How many pieces to find.",
    },
  ],
  mcp_server: [
    "The tools of an MCP server.",
    {
      type,
      name: "What the server is called.",
      url: "Where it is.",
      headers: null,
      allowed_tools: "Which of its tools may be used.",
    },
  ],
  computer_use: [
    "A computer that the model operates through function calls.",
    {
      type,
      environment: "What kind of computer.",
      excluded_predefined_functions: "Functions that it must not use.",
      enable_prompt_injection_detection: "Whether the upstream looks for instructions on the screen.",
      disabled_safety_policies: "Which of the upstream's policies are off.",
    },
  ],
  retrieval: [
    "Look-ups in an enterprise's stores.",
    {
      type,
      retrieval_types: "Which stores.",
      vertex_ai_search_config: "How to ask Vertex AI Search.",
      rag_store_config: "How to ask a RAG store.",
      exa_ai_search_config: "How to ask Exa, without its key.",
      parallel_ai_search_config: "How to ask Parallel, without its key.",
    },
  ],
  other: ["A tool that the hub does not know.", { type, raw: "The whole tool as it came, without secrets." }],
};

type ToolOf<Type> = { shape: { type: z.ZodLiteral<Type & string> } };

/** A type for each tool that a request can offer, by the tool's own `type`. */
export const toolShapes: ReadonlyMap<string, Shape> = new Map(
  Tool.options.map((schema): [string, Shape] => {
    const name = schema.shape.type.value;
    const [description, members] = notes[name];
    return [name, shape(`${pascalCase(name)}Tool`, description, schema, members as Notes<typeof schema>)];
  }),
);

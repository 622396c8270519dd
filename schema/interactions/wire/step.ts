import { z } from "zod";
import { Content, ImageContent, TextContent } from "./content.ts";
import { carried, named } from "./disposition.ts";
import * as call from "./tool-call.ts";
import * as result from "./tool-result.ts";

export const UserInput = named(
  "UserInput",
  "honoured",
  "What the user said.",
  z.looseObject({ type: z.literal("user_input"), content: z.array(Content).optional() }),
);

export const ModelOutput = named(
  "ModelOutput",
  "honoured",
  "What the model said. `error` tells why it broke off, with a numeric code of google.rpc.Code; not in the legacy revision.",
  z.looseObject({
    type: z.literal("model_output"),
    content: z.array(Content).optional(),
    error: z
      .looseObject({ code: z.int().optional(), message: z.string().optional(), details: z.array(carried()).optional() })
      .optional(),
  }),
);

export const Thought = named(
  "Thought",
  "honoured",
  "What the model thought: a signature to send back as it is, and summaries where they were asked for.",
  z.looseObject({
    type: z.literal("thought"),
    signature: z.string().optional(),
    summary: z.array(z.union([TextContent, ImageContent])).optional(),
  }),
);

/** A step of the steps revision. */
export const Step = named(
  "Step",
  "honoured",
  "A typed thing that happened, in order. Types that the hub does not know and that end in `_call` or `_result` are carried as they are; all others are refused, unless the upstream speaks this API itself. The legacy revision does not show them.",
  z.discriminatedUnion("type", [
    UserInput,
    ModelOutput,
    Thought,
    call.FunctionCall,
    result.FunctionResult,
    call.CodeExecutionCall,
    result.CodeExecutionResult,
    call.GoogleSearchCall,
    result.GoogleSearchResult,
    call.UrlContextCall,
    result.UrlContextResult,
    call.GoogleMapsCall,
    result.GoogleMapsResult,
    call.FileSearchCall,
    result.FileSearchResult,
    call.McpServerToolCall,
    result.McpServerToolResult,
    call.RetrievalCall,
    result.RetrievalResult,
    call.ProcessingCall,
    result.ProcessingResult,
  ]),
);

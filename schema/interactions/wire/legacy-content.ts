import { z } from "zod";
import { AudioContent, Content, DocumentContent, ImageContent, TextContent, VideoContent } from "./content.ts";
import { named } from "./disposition.ts";
import { Thought } from "./step.ts";
import * as call from "./tool-call.ts";
import * as result from "./tool-result.ts";

/** The contents of the legacy revision that are calls and results of tools, in both directions and as deltas. */
export const legacyToolContents = [
  call.FunctionCall,
  result.FunctionResult,
  call.CodeExecutionCall,
  result.CodeExecutionResult,
  call.UrlContextCall,
  result.UrlContextResult,
  call.GoogleSearchCall,
  result.GoogleSearchResult,
  call.FileSearchCall,
  result.FileSearchResult,
  call.GoogleMapsCall,
  result.GoogleMapsResult,
  call.McpServerToolCall,
  result.McpServerToolResult,
] as const;

/** A content of the legacy revision. Thoughts, calls and results have the members that they have as steps. */
export const LegacyContent = named(
  "LegacyContent",
  "honoured",
  "Text, media, a thought, or a tool's call or result: the flat parts of `outputs` and of turns.",
  z.discriminatedUnion("type", [
    TextContent,
    ImageContent,
    AudioContent,
    DocumentContent,
    VideoContent,
    Thought,
    ...legacyToolContents,
  ]),
);

export const Turn = named(
  "Turn",
  "translated: into steps",
  "What one side said. The contents of a turn become steps; consecutive turns of one side become one.",
  z.looseObject({
    role: z.enum(["user", "model"]),
    content: z.union([z.string(), z.array(z.union([LegacyContent, Content]))]),
  }),
);

import { z } from "zod";
import { Annotation } from "./annotation.ts";
import { AudioContent, Content, DocumentContent, ImageContent, TextContent, VideoContent } from "./content.ts";
import { carried, type Disposition, named } from "./disposition.ts";
import { legacyToolContents } from "./legacy-content.ts";
import * as call from "./tool-call.ts";
import * as result from "./tool-result.ts";

function delta<T extends string, Members extends z.ZodRawShape>(
  id: string,
  type: T,
  description: string,
  members: Members,
  hub: Disposition = "sent",
) {
  return named(id, hub, description, z.looseObject({ type: z.literal(type), ...members }));
}

const annotations = z.array(Annotation).optional();

const ThoughtSummaryDelta = delta("ThoughtSummaryDelta", "thought_summary", "One more piece of a thought's summary.", {
  content: Content.optional(),
});
const ThoughtSignatureDelta = delta("ThoughtSignatureDelta", "thought_signature", "The signature of the step.", {
  signature: z.string().optional(),
});
const TextAnnotationDelta = delta("TextAnnotationDelta", "text_annotation_delta", "Sources for the text so far.", {
  annotations,
});
const ArgumentsDelta = delta("ArgumentsDelta", "arguments_delta", "The next fragment of the arguments' JSON text.", {
  arguments: z.string().optional(),
});
const FunctionResultDelta = delta("FunctionResultDelta", "function_result", "A function's result, whole.", {
  result: z.union([z.string(), z.array(Content), carried()]),
  name: z.string().optional(),
  is_error: z.boolean().optional(),
});

/** A tool's delta is its step without the id, which the start of the step has. */
function ofCall<T extends string>(id: string, step: z.ZodObject<{ type: z.ZodLiteral<T>; id: z.ZodString }>) {
  const { id: _id, type, ...members } = step.shape;
  return named(id, "sent", "The tool's call, whole.", z.looseObject({ type, ...members }));
}

function ofResult<T extends string>(id: string, step: z.ZodObject<{ type: z.ZodLiteral<T>; call_id: z.ZodString }>) {
  const { call_id: _id, type, ...members } = step.shape;
  return named(id, "sent", "The tool's result, whole.", z.looseObject({ type, ...members }));
}

/** What a `step.delta` adds. */
export const Delta = named(
  "Delta",
  "sent",
  "What is added to the step that is open.",
  z.discriminatedUnion("type", [
    TextContent,
    ImageContent,
    AudioContent,
    VideoContent,
    DocumentContent,
    TextAnnotationDelta,
    ThoughtSummaryDelta,
    ThoughtSignatureDelta,
    ArgumentsDelta,
    FunctionResultDelta,
    ofCall("CodeExecutionCallDelta", call.CodeExecutionCall),
    ofResult("CodeExecutionResultDelta", result.CodeExecutionResult),
    ofCall("GoogleSearchCallDelta", call.GoogleSearchCall),
    ofResult("GoogleSearchResultDelta", result.GoogleSearchResult),
    ofCall("UrlContextCallDelta", call.UrlContextCall),
    ofResult("UrlContextResultDelta", result.UrlContextResult),
    ofCall("GoogleMapsCallDelta", call.GoogleMapsCall),
    ofResult("GoogleMapsResultDelta", result.GoogleMapsResult),
    ofCall("FileSearchCallDelta", call.FileSearchCall),
    ofResult("FileSearchResultDelta", result.FileSearchResult),
    ofCall("McpServerToolCallDelta", call.McpServerToolCall),
    ofResult("McpServerToolResultDelta", result.McpServerToolResult),
    ofCall("RetrievalCallDelta", call.RetrievalCall),
    ofResult("RetrievalResultDelta", result.RetrievalResult),
    ofCall("ProcessingCallDelta", call.ProcessingCall),
    ofResult("ProcessingResultDelta", result.ProcessingResult),
  ]),
);

/** What a `content.delta` of the legacy revision adds: arguments and results always come whole. */
export const LegacyDelta = named(
  "LegacyDelta",
  "sent",
  "What is added to the content that is open. Arguments come whole, never in fragments.",
  z.discriminatedUnion("type", [
    TextContent,
    ImageContent,
    AudioContent,
    DocumentContent,
    VideoContent,
    ThoughtSummaryDelta,
    ThoughtSignatureDelta,
    delta("LegacyTextAnnotationDelta", "text_annotation", "Sources for the text so far.", { annotations }),
    ...legacyToolContents,
  ]),
);

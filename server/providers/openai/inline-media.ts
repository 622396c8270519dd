import { type Content, isMedia, type MediaContent } from "../../../schema/core/content.ts";
import type { Degradation } from "../../../schema/core/degradation.ts";
import { HubError } from "../../../schema/core/error.ts";
import { shortened } from "../../../schema/core/shortened.ts";
import type { Step } from "../../../schema/core/step.ts";
import type { ModelCall } from "../../../schema/provider.ts";
import type { MediaFetch } from "../provider-context.ts";
import { isGoogleOnly } from "./media-parts.ts";

/** What is to be fetched, how, and until when. */
export type InlineOptions = {
  /** Whether the upstream needs the bytes of these media, which are at a URI. */
  needs(media: MediaContent): boolean;
  fetchMedia: MediaFetch;
  signal: AbortSignal;
};

/**
 * The call with the bytes of all media that the upstream cannot fetch itself, each address asked once. What this request
 * says must be there, or the call fails with the path of the URI; what the chain said long ago may be gone since: it is then
 * only named, and told as a degradation.
 */
export async function withMediaInline(
  call: ModelCall,
  options: InlineOptions,
): Promise<{ call: ModelCall; degradations: Degradation[] }> {
  if (![...call.history, ...call.input].some((step) => contentsOf(step).some((content) => isWanted(content, options))))
    return { call, degradations: [] };

  const degradations: Degradation[] = [];
  const fetched = new Map<string, ReturnType<MediaFetch>>();
  const fetchOnce = (uri: string): ReturnType<MediaFetch> => {
    const known = fetched.get(uri) ?? options.fetchMedia(uri, options.signal);
    fetched.set(uri, known);
    return known;
  };

  async function inline(content: Content, path: string, field: string | undefined): Promise<Content> {
    if (!isWanted(content, options)) return content;
    const { uri, ...media } = content;
    try {
      const { data, mime_type } = await fetchOnce(uri);
      return { ...(mime_type === undefined ? {} : { mime_type }), ...media, data };
    } catch (error) {
      if (options.signal.aborted || !(error instanceof HubError)) throw error;
      if (field !== undefined)
        throw new HubError(error.code, error.message, {
          field,
          ...(error.cause === undefined ? {} : { cause: error.cause }),
        });
      degradations.push({
        field: path,
        message: `'${shortened(uri)}' could not be fetched any more, so it was only named.`,
      });
      return { type: "text", text: `[${content.type} that is no longer at ${uri}]` };
    }
  }

  const [history, input] = await Promise.all([
    Promise.all(
      call.history.map((step, index) =>
        withContents(step, (content) => inline(content, `history[${index}]`, undefined)),
      ),
    ),
    Promise.all(
      call.input.map((step, index) =>
        withContents(step, (content, place) => {
          const path = contentPath(step, `input[${index}]`, place);
          return inline(content, path, `${path}.uri`);
        }),
      ),
    ),
  ]);
  return { call: { ...call, history, input }, degradations };
}

/** The contents of a step that an upstream hears. */
export function contentsOf(step: Step): readonly Content[] {
  switch (step.type) {
    case "user_input":
    case "model_output":
      return step.content;
    case "tool_result":
      return step.result?.type === "content" ? step.result.content : [];
    case "thought":
    case "tool_call":
      return [];
    default:
      return step satisfies never;
  }
}

/** The path of a content of a step, as the request has it. */
export function contentPath(step: Step, path: string, index: number): string {
  return `${path}.${step.type === "tool_result" ? "result" : "content"}[${index}]`;
}

function isWanted(content: Content, { needs }: InlineOptions): content is MediaContent & { uri: string } {
  return isMedia(content) && content.uri !== undefined && !isGoogleOnly(content.uri) && needs(content);
}

async function withContents(step: Step, change: (content: Content, index: number) => Promise<Content>): Promise<Step> {
  const contents = contentsOf(step);
  if (contents.length === 0) return step;
  const changed = await Promise.all(contents.map(change));
  if (step.type === "tool_result") return { ...step, result: { type: "content", content: changed } };
  return step.type === "user_input" || step.type === "model_output" ? { ...step, content: changed } : step;
}

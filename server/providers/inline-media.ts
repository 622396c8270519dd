import { type Content, isMedia, type MediaContent } from "../../schema/core/content.ts";
import type { Degradation } from "../../schema/core/degradation.ts";
import { HubError } from "../../schema/core/error.ts";
import type { Step } from "../../schema/core/step.ts";
import type { ModelCall } from "../../schema/provider.ts";
import { isGoogleOnly, shownUri } from "./media-uri.ts";
import type { MediaFetch } from "./provider-context.ts";
import { contentPath, contentsOf } from "./step-contents.ts";

/** What is to be fetched, how, and until when. */
export type InlineOptions = {
  /** Whether the upstream needs the bytes of these media, which are at a URI. */
  needs(media: MediaContent): boolean;
  fetchMedia: MediaFetch;
  signal: AbortSignal;
  /** The most characters of base64 that all of them may have. */
  limit?: number;
};

/** Each may be as large as one may be, so few are on their way together. */
const AT_ONCE = 4;

/** What no upstream would take in one request. */
const LIMIT = 256 * 2 ** 20;

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
  const fetchOnce = fetchingOnce(options);

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
        message: `'${shownUri(uri)}' could not be fetched any more, so it was only named.`,
      });
      return { type: "text", text: `[${content.type} that is no longer at ${shownUri(uri)}]` };
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

/** Fetches each address once, a few of them at a time, until there is too much of it. */
function fetchingOnce({ fetchMedia, signal, limit = LIMIT }: InlineOptions): (uri: string) => ReturnType<MediaFetch> {
  const fetched = new Map<string, ReturnType<MediaFetch>>();
  const lanes = Array.from({ length: AT_ONCE }, () => Promise.resolve());
  let size = 0;

  async function load(uri: string): ReturnType<MediaFetch> {
    if (size <= limit) {
      const media = await fetchMedia(uri, signal);
      size += media.data.length;
      if (size <= limit) return media;
    }
    throw new HubError("request_too_large", `The media at addresses have more than ${limit} characters together.`);
  }

  return (uri) => {
    const known = fetched.get(uri);
    if (known !== undefined) return known;
    const lane = fetched.size % AT_ONCE;
    const media = (lanes[lane] ?? Promise.resolve()).then(() => load(uri));
    fetched.set(uri, media);
    lanes[lane] = media.then(
      () => {},
      () => {},
    );
    return media;
  };
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

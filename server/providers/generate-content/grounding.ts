import { Buffer } from "node:buffer";
import type { Annotation } from "../../../schema/core/content.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
import type { ToolName } from "../../../schema/core/step.ts";
import { pageStatus } from "./server-tools.ts";
import type { WireCandidate, WireCitation, WireGrounding, WireGroundingChunk, WireSegment } from "./wire.ts";

/** The tools of which an answer may say in its metadata only, without any part. */
const toldInMetadata = ["google_search", "google_maps", "file_search", "url_context"] as const satisfies ToolName[];

/** Whether an answer may tell the use of a tool without a part that could be given back. */
export function isToldInMetadata(tool: ToolName): boolean {
  return toldInMetadata.some((each) => each === tool);
}

/** The use of a tool that the metadata tell. */
export type Use = {
  tool: (typeof toldInMetadata)[number];
  arguments: JsonObject;
  result: JsonValue;
};

/**
 * What the metadata of an answer say of its sources. Those of a span become annotations of the text, and from what else is
 * said the use of the tools is told.
 */
export class Grounding {
  readonly #queries = new Set<string>();
  /** Pages that were read and are not told yet, with what became of each. */
  readonly #pages = new Map<string, string>();
  readonly #places = new Map<string, JsonObject>();
  /** Sources that no annotation names, each once. */
  readonly #unnamed = new Map<string, Annotation>();
  readonly #seen = new Set<string>();
  #suggestions: string | undefined;
  #widget: string | undefined;
  #searchesFiles = false;

  /** Takes in what one piece of the answer says of its sources; gives the annotations of `text` that are new. */
  read({ groundingMetadata, citationMetadata }: WireCandidate, text: string): Annotation[] {
    const annotations: Annotation[] = [];
    if (groundingMetadata !== undefined) this.#readGrounding(groundingMetadata, text, annotations);
    for (const citation of citationMetadata?.citationSources ?? citationMetadata?.citations ?? [])
      this.#annotate(citationOf(citation), annotations);
    return annotations;
  }

  /** Takes in which pages were read. */
  readPages({ urlContextMetadata }: WireCandidate): void {
    for (const { retrievedUrl = "", urlRetrievalStatus } of urlContextMetadata?.urlMetadata ?? [])
      this.#pages.set(retrievedUrl, pageStatus(urlRetrievalStatus));
  }

  /** Sources of a text that is closed already: they are told in the result of their tool. */
  keep(annotations: readonly Annotation[]): void {
    for (const { start_index: _start, end_index: _end, ...source } of annotations)
      this.#unnamed.set(JSON.stringify(source), source);
  }

  /** The pages that were read, as the use of their tool; each is told once. */
  pagesUsed(): Use[] {
    if (this.#pages.size === 0) return [];
    const pages = [...this.#pages].map(([url, status]) => ({ url, status }));
    this.#pages.clear();
    return [{ tool: "url_context", arguments: { urls: pages.map(({ url }) => url) }, result: pages }];
  }

  /** All other tools that were used. */
  toolsUsed(): Use[] {
    const uses: Use[] = [];
    const asked = { queries: [...this.#queries] };
    const hasPlaces = this.#places.size > 0;
    // What was asked of the maps stands among the queries too; only a search has suggestions.
    const hasSearched = this.#suggestions !== undefined || (this.#queries.size > 0 && !hasPlaces);
    if (hasSearched)
      uses.push({
        tool: "google_search",
        arguments: asked,
        result: [present("search_suggestions", this.#suggestions), ...this.#sourcesLeft("url_citation")],
      });
    if (hasPlaces) {
      const found: JsonObject = { places: [...this.#places.values()] };
      if (this.#widget !== undefined) found.widget_context_token = this.#widget;
      uses.push({ tool: "google_maps", arguments: hasSearched ? {} : asked, result: [found] });
    }
    if (this.#searchesFiles)
      uses.push({ tool: "file_search", arguments: {}, result: this.#sourcesLeft("file_citation") });
    return uses;
  }

  #sourcesLeft(type: string): JsonObject[] {
    return [...this.#unnamed.values()].flatMap(({ type: kind, ...source }) =>
      kind === type ? [source as JsonObject] : [],
    );
  }

  #readGrounding(grounding: WireGrounding, text: string, annotations: Annotation[]): void {
    const { groundingChunks: chunks = [], groundingSupports: supports = [] } = grounding;
    for (const query of [...(grounding.webSearchQueries ?? []), ...(grounding.imageSearchQueries ?? [])])
      if (query !== "") this.#queries.add(query);
    this.#suggestions = grounding.searchEntryPoint?.renderedContent ?? this.#suggestions;
    this.#widget = grounding.googleMapsWidgetContextToken ?? this.#widget;
    for (const { maps, retrievedContext } of chunks) {
      if (retrievedContext !== undefined) this.#searchesFiles = true;
      if (maps !== undefined) this.#places.set(maps.placeId ?? maps.uri ?? "", placeOf(maps));
    }
    const sources = chunks.map(sourceOf);
    const named = new Set<number>();
    const bytes = Buffer.from(supports.length === 0 ? "" : text);
    for (const { segment = {}, groundingChunkIndices: indices = [] } of supports) {
      const span = spanOf(segment, text, bytes);
      for (const index of indices) {
        const source = sources[index];
        if (source === undefined) continue;
        named.add(index);
        this.#annotate({ ...source, ...span }, annotations);
      }
    }
    this.keep(sources.filter((source, index) => source !== undefined && !named.has(index)) as Annotation[]);
  }

  /** Some models repeat in each piece what they said before. */
  #annotate(annotation: Annotation, annotations: Annotation[]): void {
    const key = JSON.stringify(annotation);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    annotations.push(annotation);
  }
}

type Maps = NonNullable<WireGroundingChunk["maps"]>;

function placeOf({ title, placeId, uri, text, placeAnswerSources }: Maps): JsonObject {
  const snippets = (placeAnswerSources?.reviewSnippets ?? []).map((snippet) => ({
    ...present("title", snippet.title),
    ...present("url", snippet.googleMapsUri ?? snippet.uri),
    ...present("review_id", snippet.reviewId ?? snippet.id),
  }));
  return {
    ...present("name", title),
    ...present("place_id", placeId),
    ...present("url", uri),
    ...present("text", text),
    ...(snippets.length === 0 ? {} : { review_snippets: snippets }),
  };
}

function sourceOf({ web, image, maps, retrievedContext: file }: WireGroundingChunk): Annotation | undefined {
  if (web !== undefined) return { type: "url_citation", ...present("url", web.uri), ...present("title", web.title) };
  if (image !== undefined)
    return {
      type: "url_citation",
      ...present("url", image.sourceUri),
      ...present("title", image.title),
      ...present("image_url", image.imageUri),
    };
  if (maps !== undefined) return { type: "place_citation", ...placeOf(maps) };
  if (file === undefined) return undefined;
  return {
    type: "file_citation",
    ...present("document_uri", file.uri),
    ...present("file_search_store", file.fileSearchStore),
    ...present("file_name", file.title),
    ...present("source", file.text),
    ...present("page_number", file.pageNumber),
    ...present("media_id", file.mediaId),
    ...present("custom_metadata", metadataOf(file.customMetadata)),
  };
}

function citationOf({ startIndex = 0, endIndex, uri, title, license }: WireCitation): Annotation {
  return {
    type: "url_citation",
    ...present("url", uri),
    ...present("title", title),
    ...present("license", license),
    ...(endIndex === undefined ? {} : { start_index: startIndex, end_index: endIndex }),
  };
}

/** Entries with a key and one of several typed values, as an object. */
function metadataOf(entries: readonly JsonObject[] | undefined): JsonObject | undefined {
  if (entries === undefined || entries.length === 0) return undefined;
  return Object.fromEntries(
    entries.map(({ key, stringValue, numericValue, stringListValue }) => {
      const list = isJsonObject(stringListValue) ? stringListValue.values : undefined;
      return [String(key), stringValue ?? numericValue ?? list ?? null];
    }),
  );
}

/**
 * Where a span stands in a text, in bytes. The upstream counts from the start of its part, which need not be where our text
 * began, so the words themselves decide; a span whose words are elsewhere has no place.
 */
function spanOf(
  { startIndex = 0, endIndex, text: words }: WireSegment,
  text: string,
  bytes: Buffer,
): { start_index?: number; end_index?: number } {
  if (endIndex === undefined) return {};
  if (words === undefined || bytes.toString("utf8", startIndex, endIndex) === words)
    return endIndex <= bytes.length ? { start_index: startIndex, end_index: endIndex } : {};
  const found = text.indexOf(words);
  if (found === -1) return {};
  const start = Buffer.byteLength(text.slice(0, found));
  return { start_index: start, end_index: start + Buffer.byteLength(words) };
}

function present<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [Key in Name]?: NonNullable<Value> } {
  return value === undefined || value === null ? {} : ({ [name]: value } as { [Key in Name]?: NonNullable<Value> });
}

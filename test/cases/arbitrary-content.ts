import fc from "fast-check";
import { type Content, type MediaContent, mediaTypes, type TextContent } from "../../schema/core/content.ts";
import type { JsonObject } from "../../schema/core/json.ts";
import type { Signature, ToolName, ToolOutcome } from "../../schema/core/step.ts";

// Arbitrary values that steps are made of. They are as JSON carries them: no member is `undefined`, no number is lost in
// text.

export const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
export const text = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom("\n", "data: x\n\n", "\u2028", "🦊", '"}'));
export const fragment = fc.string({ minLength: 1, maxLength: 12 });

/** A JSON object as it comes back from a parser. */
export const jsonObject: fc.Arbitrary<JsonObject> = fc
  .dictionary(word, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 })
  .map((value) => JSON.parse(JSON.stringify(value)));

/** Members that the hub does not know. */
export const extra = fc
  .dictionary(word, fc.jsonValue({ maxDepth: 1 }), { minKeys: 1, maxKeys: 3 })
  .map((members): JsonObject => JSON.parse(JSON.stringify(members)))
  .map((members) => Object.fromEntries(Object.entries(members).map(([key, value]) => [`x_${key}`, value])));
export const optionalExtra = fc.option(extra, { nil: undefined, freq: 4 });

export const signature: fc.Arbitrary<Signature> = fc.record({
  value: fc.base64String({ minLength: 4, maxLength: 16 }),
  provider: fc.constant("gemini"),
});

const annotation = fc.record({
  type: fc.constantFrom("url_citation", "place_citation", "future_citation"),
  start_index: fc.nat(99),
  end_index: fc.nat(99),
  url: fc.webUrl(),
});
export const annotations = fc.array(annotation, { minLength: 1, maxLength: 2 });

export const textContent: fc.Arbitrary<TextContent> = trimmed(
  fc.record({
    type: fc.constant("text" as const),
    text,
    annotations: fc.option(annotations, { nil: undefined }),
    extra: optionalExtra,
  }),
);

/** Media on its way: with its bytes or a URI, never with a hash. */
export const mediaContent: fc.Arbitrary<MediaContent> = trimmed(
  fc.record({
    type: fc.constantFrom(...mediaTypes),
    mime_type: fc.constantFrom("image/png", "audio/l16", "video/mp4", "application/pdf"),
    place: fc.oneof(
      fc.record({ data: fc.base64String({ minLength: 4, maxLength: 16 }) }),
      fc.record({ uri: fc.webUrl() }),
    ),
    extra: optionalExtra,
  }),
).map(({ place, ...members }) => ({ ...members, ...place }));

export const content: fc.Arbitrary<Content> = fc.oneof(textContent, mediaContent);

const textOutcome = fc.record({ type: fc.constant("text" as const), text });
const contentOutcome = fc.record({
  type: fc.constant("content" as const),
  content: fc.array(content, { minLength: 1, maxLength: 2 }),
});
const objectOutcome = fc.record({ type: fc.constant("json" as const), json: jsonObject });
const listOutcome = fc.record({ type: fc.constant("json" as const), json: fc.array(extra, { minLength: 1 }) });

/** What a tool of that name gives back. */
export function outcomeOf(tool: ToolName): fc.Arbitrary<ToolOutcome> {
  if (tool === "function" || tool === "mcp_server") return fc.oneof(textOutcome, contentOutcome, objectOutcome);
  return tool === "code_execution" ? fc.oneof(textOutcome, contentOutcome) : fc.oneof(objectOutcome, listOutcome);
}

/** Records without the members that are `undefined`. */
export function trimmed<T extends object>(records: fc.Arbitrary<T>): fc.Arbitrary<Trimmed<T>> {
  return records.map(
    (record) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Trimmed<T>,
  );
}

type Trimmed<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

import type { JsonObject, JsonValue } from "./json.ts";
import type { ModalityTokens, Usage } from "./usage.ts";

type Grounding = NonNullable<Usage["grounding_tool_count"]>;

/** What two runs cost together. A counter that only one of them reports counts as that one says. */
export function addUsage(one: Usage | undefined, other: Usage | undefined): Usage | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const sum = {
    total_tokens: addNumbers(one.total_tokens, other.total_tokens),
    total_input_tokens: addNumbers(one.total_input_tokens, other.total_input_tokens),
    input_tokens_by_modality: addModalities(one.input_tokens_by_modality, other.input_tokens_by_modality),
    total_cached_tokens: addNumbers(one.total_cached_tokens, other.total_cached_tokens),
    cached_tokens_by_modality: addModalities(one.cached_tokens_by_modality, other.cached_tokens_by_modality),
    total_output_tokens: addNumbers(one.total_output_tokens, other.total_output_tokens),
    output_tokens_by_modality: addModalities(one.output_tokens_by_modality, other.output_tokens_by_modality),
    total_tool_use_tokens: addNumbers(one.total_tool_use_tokens, other.total_tool_use_tokens),
    tool_use_tokens_by_modality: addModalities(one.tool_use_tokens_by_modality, other.tool_use_tokens_by_modality),
    total_thought_tokens: addNumbers(one.total_thought_tokens, other.total_thought_tokens),
    grounding_tool_count: addGrounding(one.grounding_tool_count, other.grounding_tool_count),
    extra: addExtra(one.extra, other.extra),
  } satisfies Record<keyof Usage, unknown>;
  return Object.fromEntries(Object.entries(sum).filter(([, counted]) => counted !== undefined));
}

function addNumbers(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : one + other;
}

function addModalities(one?: ModalityTokens[], other?: ModalityTokens[]): ModalityTokens[] | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const counts = [...one, ...other].map(({ modality, tokens }): [string, number] => [modality, tokens]);
  return [...sumsOf(counts)].map(([modality, tokens]) => ({ modality, tokens }));
}

function addGrounding(one?: Grounding, other?: Grounding): Grounding | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const counts = [...one, ...other].map(({ type, count }): [string, number] => [type, count]);
  return [...sumsOf(counts)].map(([type, count]) => ({ type, count }));
}

function sumsOf(counts: readonly [name: string, count: number][]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
  return sums;
}

/** Of counters that nobody here knows, numbers add up and lists go on; of anything else the latest counts. */
function addExtra(one?: JsonObject, other?: JsonObject): JsonObject | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const sum = { ...one };
  for (const [name, value] of Object.entries(other)) sum[name] = addUnknown(one[name], value);
  return sum;
}

function addUnknown(one: JsonValue | undefined, other: JsonValue): JsonValue {
  if (typeof one === "number" && typeof other === "number") return one + other;
  return Array.isArray(one) && Array.isArray(other) ? [...one, ...other] : other;
}

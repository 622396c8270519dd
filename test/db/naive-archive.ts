import { searchText } from "../../db/search-text.ts";
import type {
  InteractionFilter,
  InteractionOrder,
  ToolGroup,
  UsageDimension,
  UsageGroup,
} from "../../schema/archive.ts";
import type { Interaction } from "../../schema/core/interaction.ts";
import type { Step } from "../../schema/core/step.ts";
import { turnsOf } from "../../schema/core/turn.ts";

// What the archive answers, the long way: every interaction is looked at, one after the other.

/** Whether a filter holds for one of the interactions that are stored. */
export function holds(filter: InteractionFilter, one: Interaction, all: readonly Interaction[]): boolean {
  const isAmong = (values: readonly string[] | undefined, value: string | undefined) =>
    values === undefined || (value !== undefined && values.includes(value));
  const labels = one.settings.labels ?? {};
  const { created_from = 0, created_before = Infinity, updated_from = 0, updated_before = Infinity } = filter;
  return (
    isAmong(filter.ids, one.id) &&
    isAmong(filter.roots, one.root_id) &&
    isAmong(filter.status, one.status) &&
    isAmong(filter.model, one.model) &&
    isAmong(filter.agent, one.agent) &&
    isAmong(filter.provider, one.provider) &&
    (filter.labels ?? []).every(({ key, value }) => key in labels && (value === undefined || labels[key] === value)) &&
    created_from <= one.created_at &&
    one.created_at < created_before &&
    updated_from <= one.updated_at &&
    one.updated_at < updated_before &&
    (filter.has_error === undefined || filter.has_error === (one.errors ?? []).length > 0) &&
    (filter.tool === undefined || toolsOf(one, all).some(({ name }) => filter.tool?.includes(name))) &&
    (filter.text === undefined || stepsOf(one).some(({ step }) => textMatches(filter.text ?? "", step))) &&
    (filter.is_root === undefined || filter.is_root === (one.previous_id === undefined))
  );
}

/** In an order; the interactions are given in that of their arrival. */
export function sorted(all: readonly Interaction[], { by, direction }: InteractionOrder): Interaction[] {
  const ascending = by === "created" ? [...all] : all.toSorted((one, other) => one.updated_at - other.updated_at);
  return direction === "ascending" ? ascending : ascending.reverse();
}

/** The steps that are searched: those of the output once it is whole. */
export function stepsOf({ status, input, output }: Interaction) {
  const inputs = input.map((step, index) => ({ side: "input" as const, index, step }));
  const outputs = output.map((step, index) => ({ side: "output" as const, index, step }));
  return status === "in_progress" ? inputs : [...inputs, ...outputs];
}

export function textMatches(query: string, step: Step): boolean {
  const words = wordsOf(searchText(step) ?? "");
  const phrases = [...query.matchAll(/"([^"]*)"?(\*?)|([^\s"*]+)(\*?)/g)].map(([, quoted, star, plain, plainStar]) => ({
    wanted: wordsOf(quoted ?? plain ?? ""),
    isOpen: (star || plainStar) === "*",
  }));
  const meant = phrases.filter(({ wanted }) => wanted.length > 0);
  return meant.length > 0 && meant.every(({ wanted, isOpen }) => words.some((_, start) => isAt(start, wanted, isOpen)));

  function isAt(start: number, wanted: string[], isOpen: boolean): boolean {
    return wanted.every((word, index) => {
      const here = words[start + index] ?? "";
      return isOpen && index === wanted.length - 1 ? here.startsWith(word) : here === word;
    });
  }
}

function wordsOf(text: string): string[] {
  const folded = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return folded.match(/[\p{L}\p{N}]+/gu) ?? [];
}

function nameOf(step: Step & { type: "tool_call" | "tool_result" }, around: readonly Step[]): string {
  if (step.tool !== "function" && step.tool !== "mcp_server") return step.tool;
  const call = around.find((one) => one.type === "tool_call" && one.call_id === step.call_id && one.name !== undefined);
  return step.name ?? (call?.type === "tool_call" ? call.name : undefined) ?? step.tool;
}

/** The tools that the steps of an interaction name. */
export function toolsOf(one: Interaction, all: readonly Interaction[]): ToolGroup[] {
  const groups: ToolGroup[] = [];
  const previous = all.find(({ id }) => id === one.previous_id);
  const history = previous === undefined ? [] : stepsOf(previous).map(({ step }) => step);
  const lastTurn = turnsOf(one.input).at(-1)?.steps ?? [];
  for (const { side, index, step } of stepsOf(one)) {
    if (step.type !== "tool_call" && step.type !== "tool_result") continue;
    const before = one[side].slice(0, index + 1).toReversed();
    const name = nameOf(step, [...before, ...history]);
    let group = groups.find((known) => known.tool === step.tool && known.name === name);
    if (group === undefined) {
      group = { tool: step.tool, name, calls: 0, results: 0, failures: 0 };
      groups.push(group);
    }
    if (step.type === "tool_call") group.calls += side === "output" ? 1 : 0;
    else if (side === "output" || lastTurn.includes(step)) {
      group.results += 1;
      if (step.is_error === true) group.failures += 1;
    }
  }
  return groups;
}

export function usageOf(all: readonly Interaction[], groups: readonly UsageDimension[], label: string): UsageGroup[] {
  const sums = new Map<string, UsageGroup>();
  for (const one of all) {
    const group: UsageGroup = { ...nothing };
    for (const dimension of groups) {
      const value = valueIn(one, dimension, label);
      if (value !== undefined) Object.assign(group, { [dimension]: value });
    }
    const key = JSON.stringify(groups.map((dimension) => group[dimension]));
    const sum = sums.get(key) ?? group;
    sum.interactions += 1;
    for (const counter of counters) sum[counter] += one.usage?.[counter] ?? 0;
    sums.set(key, sum);
  }
  return groups.length === 0 && sums.size === 0 ? [{ ...nothing }] : [...sums.values()];
}

function valueIn(one: Interaction, dimension: UsageDimension, label: string): string | undefined {
  if (dimension === "day") return new Date(one.created_at).toISOString().slice(0, 10);
  return dimension === "label" ? one.settings.labels?.[label] : one[dimension];
}

const counters = [
  "total_tokens",
  "total_input_tokens",
  "total_cached_tokens",
  "total_output_tokens",
  "total_tool_use_tokens",
  "total_thought_tokens",
] as const;
const nothing = {
  interactions: 0,
  total_tokens: 0,
  total_input_tokens: 0,
  total_cached_tokens: 0,
  total_output_tokens: 0,
  total_tool_use_tokens: 0,
  total_thought_tokens: 0,
};

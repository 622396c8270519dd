import { isJsonObject, type JsonObject } from "../../../schema/core/json.ts";
import type { GenerationConfig } from "../../../schema/core/settings.ts";
import type { ToolCall } from "../../../schema/core/step.ts";
import type { FunctionTool, Tool } from "../../../schema/core/tool.ts";
import { type Clues, cluesOf, focusedOn } from "./clues.ts";
import { type Conversation, heard } from "./conversation.ts";
import { generateValue, mentions } from "./generate-value.ts";
import type { Random } from "./random.ts";
import { compileSchema } from "./schema-validator.ts";
import { related, stemsOf } from "./words.ts";

/** A declared function with its place among the request's tools. */
type Declared = { tool: FunctionTool; field: string; score: number };

/** From this score on a function fits: its name shares a word with the request, or its description shares two. */
const FITTING_SCORE = 2;
/** A function that fits much worse than the best one is not called beside it. */
const FITTING_SHARE = 0.6;
const MOST_CALLS = 16;
const PLACE = /cit(?:y|ies)|location|place|town|region|destination|address|where/i;
const MANNER = /unit|format|mode|type|order|style|language/i;

/** Whether the choice of tools lets the model call at all, and whether it must. */
export function callingMode(choice: GenerationConfig["tool_choice"]): "auto" | "any" | "none" {
  const mode = typeof choice === "object" ? (choice.allowed_tools.mode ?? "auto") : (choice ?? "auto");
  return mode === "validated" ? "auto" : mode;
}

/** The function calls that answer the user's last words; none when nothing fits and none is demanded. */
export async function chooseCalls(
  conversation: Conversation,
  tools: readonly Tool[],
  choice: GenerationConfig["tool_choice"],
  random: Random,
): Promise<ToolCall[]> {
  const mode = callingMode(choice);
  // After results alone the model answers; were it to call again at once, forced calls would never end.
  if (mode === "none" || (!conversation.speaks && conversation.results.length > 0)) return [];
  const allowed = typeof choice === "object" ? choice.allowed_tools.tools : undefined;
  const declared = declaredFunctions(tools, heard(conversation.latest)).filter(
    ({ tool }) => allowed?.includes(tool.name) ?? true,
  );
  const chosen = fitting(declared, mode === "any");
  if (chosen.length === 0) return [];
  const clues = cluesOf(conversation);
  const taken = new Set(conversation.steps.flatMap((step) => (step.type === "tool_call" ? [step.call_id] : [])));
  const calls: ToolCall[] = [];
  for (const { tool, field } of chosen) {
    for (const about of aspectsOf(tool, clues)) {
      if (calls.length === MOST_CALLS) return calls;
      const call_id = freshId(random, taken);
      const given = await argumentsFor(tool, about, random, field);
      calls.push({ type: "tool_call", tool: "function", call_id, name: tool.name, arguments: given });
    }
  }
  return calls;
}

/** A call id that the chain does not have yet. */
export function freshId(random: Random, taken: Set<string>): string {
  let id = random.token(8);
  while (taken.has(id)) id = random.token(8);
  taken.add(id);
  return id;
}

function declaredFunctions(tools: readonly Tool[], text: string): Declared[] {
  const words = new Set(stemsOf(text));
  return tools.flatMap((tool, index) =>
    tool.type === "function" ? [{ tool, field: `tools[${index}].parameters`, score: scoreOf(tool, words, text) }] : [],
  );
}

function fitting(declared: readonly Declared[], demanded: boolean): Declared[] {
  const best = Math.max(0, ...declared.map(({ score }) => score));
  if (best < FITTING_SCORE) {
    const first = declared.find(({ score }) => score === best);
    return demanded && first !== undefined ? [first] : [];
  }
  return declared.filter(({ score }) => score >= Math.max(FITTING_SCORE, best * FITTING_SHARE));
}

function scoreOf(tool: FunctionTool, words: ReadonlySet<string>, text: string): number {
  if (/[_A-Z]/.test(tool.name.slice(1)) && text.includes(tool.name)) return 100;
  const name = stemsOf(tool.name);
  const description = new Set(stemsOf(tool.description ?? "").filter((word) => !name.includes(word)));
  const parameters = isJsonObject(tool.parameters?.properties)
    ? Object.keys(tool.parameters.properties).flatMap(stemsOf)
    : [];
  const near = (word: string): boolean => [...words].some((said) => related(said, word));
  const matches = name.reduce((sum, word) => sum + (words.has(word) ? 3 : near(word) ? 2 : 0), 0);
  const named = matches / Math.sqrt(Math.max(1, name.length));
  const described = [...description].filter((word) => words.has(word) || near(word)).length;
  // A parameter's name alone says little: many functions take a time or a place.
  if (named === 0 && described < 2) return 0;
  return named + described + new Set(parameters).intersection(words).size / 2;
}

/** What each of several calls of one function is about: every place or choice that the user names for its one parameter. */
function aspectsOf(tool: FunctionTool, clues: Clues): Clues[] {
  const properties = isJsonObject(tool.parameters?.properties) ? tool.parameters.properties : {};
  const parameters = Object.entries(properties).flatMap(([name, schema]) =>
    isJsonObject(schema) ? [{ name, schema }] : [],
  );
  for (const { name, schema } of parameters) {
    const said = clues.text.toLowerCase();
    const values =
      Array.isArray(schema.enum) && !MANNER.test(name)
        ? schema.enum.filter((each) => typeof each === "string" && mentions(said, each))
        : [];
    const texts = values.filter((value) => typeof value === "string");
    if (texts.length > 1) return texts.map((value) => focusedOn(clues, value, texts));
  }
  const places = parameters.filter(
    ({ name, schema }) => PLACE.test(name) && /^string$/i.test(String(schema.type ?? "string")),
  );
  if (places.length !== 1 || clues.places.length < 2) return [clues];
  return clues.places.map((place) => focusedOn(clues, place, clues.places));
}

async function argumentsFor(tool: FunctionTool, clues: Clues, random: Random, field: string): Promise<JsonObject> {
  if (tool.parameters === undefined || Object.keys(tool.parameters).length === 0) return {};
  const schema = await compileSchema({ type: "object", ...tool.parameters }, field);
  const value = generateValue(schema, clues, random, field);
  return isJsonObject(value) ? value : {};
}

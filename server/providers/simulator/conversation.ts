import { type Content, isMedia, type MediaContent } from "../../../schema/core/content.ts";
import type { Step, ToolCall, ToolResult } from "../../../schema/core/step.ts";
import { roleOf } from "../../../schema/core/turn.ts";
import type { ModelCall } from "../../../schema/provider.ts";

/** What the simulator reads out of a call before it answers. */
export type Conversation = {
  /** Everything said and done so far, oldest first. */
  steps: readonly Step[];
  /** The text to answer: what the user said last, perhaps before the function results that now came. */
  latest: string;
  /** Whether the user said something in this turn (not only a function's result). */
  speaks: boolean;
  /** Media that came with this turn. */
  media: readonly MediaContent[];
  /**
   * Results of functions and of MCP servers' tools, since the user or the model last said something or that came with what
   * the user says now.
   */
  results: readonly ToolResult[];
};

/** So much of either end of a very long text is looked through for what it asks; its middle is only cargo. */
const HEARD_LENGTH = 4_000;

/** A text, or both ends of one that is very long. */
export function heard(text: string): string {
  return text.length <= 2 * HEARD_LENGTH ? text : `${text.slice(0, HEARD_LENGTH)}\n${text.slice(-HEARD_LENGTH)}`;
}

/** Reads the last turn of the user and what it stands on. */
export function readConversation(call: Pick<ModelCall, "history" | "input">): Conversation {
  const steps = call.history.length === 0 ? call.input : [...call.history, ...call.input];
  let start = steps.length;
  while (start > 0 && isOfUser(steps[start - 1])) start -= 1;
  const texts: string[] = [];
  const media: MediaContent[] = [];
  // A client that keeps the state itself may send several rounds of calls and results before there are words again.
  let asked = start;
  while (asked > 0 && !hasWords(steps[asked - 1])) asked -= 1;
  const results = steps.slice(asked).flatMap((step) => (step.type === "tool_result" && isAnswer(step) ? [step] : []));
  for (const step of steps.slice(start)) {
    if (step.type !== "user_input") continue;
    for (const content of step.content) {
      if (content.type === "text") texts.push(content.text);
      else if (isMedia(content)) media.push(content);
    }
  }
  const speaks = texts.length > 0 || media.length > 0;
  return { steps, latest: speaks ? texts.join("\n") : lastSaid(steps, start), speaks, media, results };
}

/** What the user said before this turn's text, one entry a step, oldest first. */
export function saidBefore(conversation: Conversation): string[] {
  const said = conversation.steps.filter((step) => step.type === "user_input").map((step) => textOf(step.content));
  if (conversation.speaks && said.at(-1) !== undefined) said.pop();
  return said.filter((text) => text !== "");
}

/** What the model said last. */
export function lastAnswer(conversation: Conversation): string | undefined {
  const output = conversation.steps.findLast((step) => step.type === "model_output" && textOf(step.content) !== "");
  return output?.type === "model_output" ? textOf(output.content) : undefined;
}

/** The call that a result answers. */
export function callOf(conversation: Conversation, result: ToolResult): ToolCall | undefined {
  const step = conversation.steps.findLast((each) => each.type === "tool_call" && each.call_id === result.call_id);
  return step?.type === "tool_call" ? step : undefined;
}

/** The texts among contents, each on its own line. */
export function textOf(contents: readonly Content[]): string {
  const [first] = contents;
  if (contents.length === 1 && first?.type === "text") return first.text;
  return contents.flatMap((content) => (content.type === "text" ? [content.text] : [])).join("\n");
}

function isOfUser(step: Step | undefined): boolean {
  return step !== undefined && roleOf(step) === "user";
}

/** Whether a result came from outside; the simulator's own tools tell what they found when they run. */
function isAnswer({ tool }: ToolResult): boolean {
  return tool === "function" || tool === "mcp_server";
}

function hasWords(step: Step | undefined): boolean {
  return step?.type === "user_input" || step?.type === "model_output";
}

function lastSaid(steps: readonly Step[], before: number): string {
  for (let index = before - 1; index >= 0; index -= 1) {
    const step = steps[index];
    if (step?.type === "user_input") return textOf(step.content);
  }
  return "";
}

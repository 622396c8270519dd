import { type Content, isMedia } from "../../../schema/core/content.ts";
import type { Degradation } from "../../../schema/core/degradation.ts";
import { mcpFunctionName } from "../../../schema/core/mcp-function-name.ts";
import type { Step, Thought, ToolCall, ToolResult } from "../../../schema/core/step.ts";
import type { ModelCall } from "../../../schema/provider.ts";
import type { FunctionNames } from "../openai/function-names.ts";
import { readableStep } from "../readable-step.ts";
import { contentPath } from "../step-contents.ts";
import { type CallPair, type CallPairs, type PlacedStep, pairCalls } from "./call-pairs.ts";
import { mediaObstacle, mediaPart } from "./media-part.ts";
import { type Reasoning, unsealReasoning } from "./reasoning.ts";
import { resultMedia, resultText } from "./result-text.ts";
import type { AssistantMessage, Message, Part } from "./wire.ts";

export type MessageOptions = {
  /** Name of the upstream. */
  upstream: string;
  isOpenai: boolean;
  isMistral: boolean;
  names: FunctionNames;
};

/** A conversation in messages, and what could not be told as it was. */
export type Conversation = { messages: Message[]; degradations: Degradation[] };

/** What the model says and calls in one answer. */
type Answer = { text: string; calls: CallPair[]; reasoning: Reasoning[]; isAnswered: boolean };

/**
 * The steps of a call as messages. The API wants every call answered right after the message that makes it, so results are
 * moved there; what one side says in several steps becomes one message.
 */
export function conversationOf(call: ModelCall, options: MessageOptions): Conversation {
  const steps: PlacedStep[] = [
    ...call.history.map((step, index) => ({ step, path: `history[${index}]` })),
    ...call.input.map((step, index) => ({ step, path: `input[${index}]` })),
  ];
  const writer = new MessageWriter(options, pairCalls(steps, options.isMistral), stepsOfToolTurns(steps));
  const { system_instruction: instruction } = call.settings;
  if (instruction !== undefined) writer.messages.push({ role: "system", content: instruction });
  for (const placed of steps) writer.take(placed);
  writer.end();
  return writer;
}

/**
 * The steps of turns in which tools were called. DeepSeek, Kimi and others want the reasoning of exactly those back, also
 * later; of others they refuse or ignore it.
 */
function stepsOfToolTurns(steps: readonly PlacedStep[]): ReadonlySet<Step> {
  const found = new Set<Step>();
  let turn: Step[] = [];
  for (const { step } of [...steps, { step: { type: "user_input", content: [] } as Step }]) {
    if (step.type === "user_input") {
      if (turn.some(({ type }) => type === "tool_call")) for (const each of turn) found.add(each);
      turn = [];
    } else turn.push(step);
  }
  return found;
}

class MessageWriter implements Conversation {
  readonly messages: Message[] = [];
  readonly degradations: Degradation[] = [];
  readonly #options: MessageOptions;
  readonly #pairs: CallPairs;
  readonly #toolTurns: ReadonlySet<Step>;
  #answer: Answer | undefined;
  #parts: Part[] = [];
  #foreignThoughts: string[] = [];

  constructor(options: MessageOptions, pairs: CallPairs, toolTurns: ReadonlySet<Step>) {
    this.#options = options;
    this.#pairs = pairs;
    this.#toolTurns = toolTurns;
  }

  take({ step, path }: PlacedStep): void {
    switch (step.type) {
      case "user_input":
        this.#endAnswer();
        for (const [index, content] of step.content.entries())
          this.#addContent(content, contentPath(step, path, index));
        break;
      case "model_output":
        this.#addOutput(step, path);
        break;
      case "thought":
        this.#addThought(step, path);
        break;
      case "tool_call":
        this.#addCall(step, path);
        break;
      case "tool_result":
        // Told with its call; what the model says next is another answer.
        if (!this.#pairs.answers.has(step)) this.#addReadable(step, path);
        else if (this.#answer !== undefined) this.#answer.isAnswered = true;
        break;
      default:
        step satisfies never;
    }
  }

  end(): void {
    this.#endAnswer();
    this.#endUser();
    const [first] = this.#foreignThoughts;
    if (first === undefined) return;
    const count = this.#foreignThoughts.length;
    this.degradations.push({
      field: first,
      message: `${count === 1 ? "A thought" : `${count} thoughts`} of another upstream cannot be told to '${this.#options.upstream}'.`,
    });
  }

  #addOutput({ content }: Extract<Step, { type: "model_output" }>, path: string): void {
    const media = content.filter((each) => each.type !== "text");
    const answer = this.#openAnswer();
    for (const each of content) if (each.type === "text") answer.text += each.text;
    if (content.some((each) => each.type === "text" && (each.annotations?.length ?? 0) > 0))
      this.#tell(path, "The sources of a text were left out.");
    if (media.length === 0) return;
    this.#tell(path, "Media that the model made were told as if the user had sent them.");
    this.#endAnswer();
    this.#parts.push({ type: "text", text: "[This was in the answer:]" });
    for (const each of media) this.#addContent(each, path);
  }

  #addThought(step: Thought, path: string): void {
    const reasoning = unsealReasoning(this.#options.upstream, step);
    if (reasoning === undefined) {
      if (step.signature?.provider !== this.#options.upstream) this.#foreignThoughts.push(path);
    } else if (this.#toolTurns.has(step)) this.#openAnswer().reasoning.push(reasoning);
  }

  #addCall(step: ToolCall, path: string): void {
    const pair = this.#pairs.byCall.get(step);
    if (pair === undefined) this.#addReadable(step, path);
    else this.#openAnswer().calls.push(pair);
  }

  /** What the API has no message for, in words of the side that it stands on. */
  #addReadable(step: ToolCall | ToolResult, path: string): void {
    const text = readableStep(step);
    this.#tell(path, text === "" ? "A step with nothing to read was left out." : "A step was told as text.");
    if (text === "") return;
    if (step.type === "tool_result" && step.tool === "function") {
      this.#endAnswer();
      this.#parts.push({ type: "text", text });
      return;
    }
    const answer = this.#openAnswer();
    answer.text += answer.text === "" || answer.text.endsWith("\n") ? `${text}\n` : `\n${text}\n`;
  }

  #addContent(content: Content, path: string): void {
    if (content.type !== "text") this.#parts.push(this.#partOf(content, path));
    else if (content.text !== "") this.#parts.push({ type: "text", text: content.text });
  }

  #partOf(content: Exclude<Content, { type: "text" }>, path: string): Part {
    const obstacle = isMedia(content) ? mediaObstacle(content, this.#options.isOpenai) : undefined;
    const part = isMedia(content) && obstacle === undefined ? mediaPart(content, path, this.degradations) : undefined;
    if (part !== undefined) return part;
    const what = isMedia(content) ? content.type : "content";
    this.#tell(path, `The ${what} was only named: '${this.#options.upstream}' ${obstacle ?? "cannot take it"}.`);
    const place = isMedia(content) && content.uri !== undefined ? ` at ${content.uri}` : "";
    return { type: "text", text: `${readableStep({ type: "user_input", content: [content] })}${place}` };
  }

  #openAnswer(): Answer {
    if (this.#answer?.isAnswered === true) this.#endAnswer();
    this.#endUser();
    this.#answer ??= { text: "", calls: [], reasoning: [], isAnswered: false };
    return this.#answer;
  }

  /** Writes what the model said, and the results of its calls; their media follow as something that the user says. */
  #endAnswer(): void {
    const answer = this.#answer;
    this.#answer = undefined;
    if (answer === undefined) return;
    const message = this.#assistantMessage(answer);
    if (message !== undefined) this.messages.push(message);
    const withMedia: CallPair[] = [];
    for (const pair of answer.calls) {
      const { result, wireId, call } = pair;
      if (result === undefined)
        this.#tell(call.path, "The call has no result, so the model was told that there is none.");
      this.messages.push({ role: "tool", tool_call_id: wireId, content: resultText(result?.step) });
      if (resultMedia(result?.step).length > 0) withMedia.push(pair);
    }
    for (const pair of withMedia) this.#addResultMedia(pair);
  }

  #addResultMedia({ result, wireId, call }: CallPair): void {
    if (result === undefined) return;
    const { step, path } = result;
    this.#parts.push({ type: "text", text: `[The result of '${call.step.name}' (call '${wireId}') has these media:]` });
    for (const { content, place } of resultMedia(step)) this.#addContent(content, contentPath(step, path, place));
  }

  #assistantMessage({ text, calls, reasoning }: Answer): AssistantMessage | undefined {
    const said = spelt(reasoning);
    const content = (said.prefix + text).trimEnd();
    if (content === "" && calls.length === 0) return undefined;
    const message: AssistantMessage = { role: "assistant", content: content === "" ? null : content, ...said.members };
    if (calls.length > 0) message.tool_calls = calls.map((pair) => this.#callPart(pair));
    return message;
  }

  #callPart({ call: { step }, wireId }: CallPair) {
    const { name = "", server_name, tool } = step;
    const wireName =
      tool === "mcp_server" ? mcpFunctionName(server_name ?? "", name) : this.#options.names.toWire(name);
    const told = { name: wireName, arguments: JSON.stringify(step.arguments ?? {}) };
    return { id: wireId, type: "function" as const, function: told };
  }

  #endUser(): void {
    const parts = this.#parts;
    const [first] = parts;
    this.#parts = [];
    if (first === undefined) return;
    // A bare text is what every server takes.
    const content = parts.length === 1 && first.type === "text" ? first.text : parts;
    this.messages.push({ role: "user", content });
  }

  #tell(field: string, message: string): void {
    this.degradations.push({ field, message });
  }
}

/** Reasoning in the member in which it came, or in the tag before the text. */
function spelt(reasoning: readonly Reasoning[]): { members: Partial<AssistantMessage>; prefix: string } {
  const [first] = reasoning;
  if (first === undefined) return { members: {}, prefix: "" };
  const text = reasoning.map((each) => each.text).join("");
  if (first.as === "think") return { members: {}, prefix: `<think>\n${text.trim()}\n</think>\n\n` };
  if (first.as === "reasoning_details")
    return { members: { reasoning_details: reasoning.flatMap(({ details = [] }) => details) }, prefix: "" };
  return { members: { [first.as]: text }, prefix: "" };
}

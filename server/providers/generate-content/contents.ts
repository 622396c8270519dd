import { HubError } from "../../../schema/core/error.ts";
import { mcpFunctionName } from "../../../schema/core/mcp-function-name.ts";
import { shortened } from "../../../schema/core/shortened.ts";
import type { Step, Thought, ToolCall, ToolResult } from "../../../schema/core/step.ts";
import type { ModelCall } from "../../../schema/provider.ts";
import { ownSignature } from "../google/own-signature.ts";
import { readableStep } from "../readable-step.ts";
import { codePart } from "./code-execution.ts";
import { type AnsweredCall, functionResponseParts, missingResponse } from "./function-response.ts";
import { isToldInMetadata } from "./grounding.ts";
import { contentPart, type PartContext } from "./media-part.ts";
import { serverToolPart } from "./server-tools.ts";
import type { WireContent, WirePart, WireRole } from "./wire.ts";

/**
 * What Google documents for a call that has no signature, because another model made it. From Gemini 3 on, the first call
 * after something else must have one (https://ai.google.dev/gemini-api/docs/thought-signatures).
 */
const NO_SIGNATURE = "skip_thought_signature_validator";

/**
 * A step and its path in the request; `own` is the signature of a step that this upstream made, empty where it signed
 * nothing.
 */
type Placed<S extends Step = Step> = { step: S; place: string; own?: string };

/**
 * What the chain and the request say, as contents of the two roles in turn. What could not be said as it was is added to
 * the degradations.
 */
export function toContents(
  call: Pick<ModelCall, "history" | "history_by" | "input">,
  context: PartContext,
): WireContent[] {
  const placed = (step: Step, place: string, author?: string): Placed => {
    const own = "content" in step ? undefined : ownSignature(step.signature, context.upstream, author);
    return own === undefined ? { step, place } : { step, place, own };
  };
  const steps = [
    ...call.history.map((step, index) => placed(step, `history[${index}]`, call.history_by?.[index])),
    ...call.input.map((step, index) => placed(step, `input[${index}]`)),
  ];
  const writer = new ContentsWriter(steps, context);
  for (const each of steps) writer.write(each);
  const contents = writer.end();
  if (contents.length === 0)
    throw new HubError("invalid_request", "There is nothing to answer: no step of the input says anything.", {
      field: "input",
    });
  return contents;
}

class ContentsWriter {
  readonly #context: PartContext;
  readonly #contents: WireContent[] = [];
  /** Results of functions that have not been given yet, by the id of their call. */
  readonly #results = new Map<string, Placed<ToolResult>[]>();
  /** Calls of the content that is being written, which its next one must answer. */
  #unanswered: Placed<ToolCall>[] = [];
  /** A signature that waits for the part it belongs to; `summary` is the thought it came with. */
  #held: { value: string; summary?: WirePart } | undefined;

  constructor(steps: readonly Placed[], context: PartContext) {
    this.#context = context;
    for (const { step, place } of steps) {
      if (step.type !== "tool_result" || !isFunction(step)) continue;
      const known = this.#results.get(step.call_id) ?? [];
      this.#results.set(step.call_id, [...known, { step, place }]);
    }
  }

  write({ step, place, own }: Placed): void {
    switch (step.type) {
      case "user_input":
        this.#answerCalls();
        this.#writeContents("user", step.content, place);
        break;
      case "model_output":
        this.#writeContents("model", step.content, place);
        break;
      case "thought":
        this.#writeThought(step, place, own);
        break;
      case "tool_call":
        if (isFunction(step)) this.#writeCall(step, place, own);
        else this.#writeServerTool(step, place, own);
        break;
      case "tool_result":
        if (isFunction(step)) this.#writeResult(step, place);
        else this.#writeServerTool(step, place, own);
        break;
      default:
        step satisfies never;
    }
  }

  end(): WireContent[] {
    this.#answerCalls();
    this.#release();
    if (this.#context.traits.isModern) for (const { parts } of this.#contents) signFirstCall(parts);
    return this.#contents;
  }

  #writeContents(role: WireRole, contents: Extract<Step, { type: "user_input" }>["content"], place: string): void {
    for (const [index, content] of contents.entries()) {
      const part = contentPart(content, `${place}.content[${index}]`, this.#context);
      if (part !== undefined) this.#add(role, part);
    }
  }

  /**
   * A thought of this upstream goes back as it came. Where it is a signature alone, the signature stood on the part that
   * follows, or else on a part without text: see the reader of answers, which makes such thoughts.
   */
  #writeThought(step: Thought, place: string, own: string | undefined): void {
    if (own === undefined) {
      if (step.summary !== undefined || (step.signature?.value ?? "") !== "")
        this.#tell(place, "is not given the thoughts of another model, so this one was left out.");
      return;
    }
    this.#release();
    let summary: WirePart | undefined;
    for (const [index, content] of (step.summary ?? []).entries()) {
      const part = contentPart(content, `${place}.summary[${index}]`, this.#context);
      if (part === undefined) continue;
      summary = { ...part, thought: true };
      this.#add("model", summary);
    }
    if (own !== "") this.#held = summary === undefined ? { value: own } : { value: own, summary };
  }

  #writeCall(step: ToolCall, place: string, own = ""): void {
    if (step.arguments === undefined && step.arguments_text !== undefined) {
      this.#writeText(step);
      this.#tell(place, "is given this call as text, because its arguments were cut.");
      return;
    }
    const { id, name } = identityOf(step);
    this.#add("model", {
      functionCall: { ...(id === "" ? {} : { id }), name, args: step.arguments ?? {} },
      ...signed(own),
    });
    this.#unanswered.push({ step, place });
  }

  #writeResult(step: ToolResult, place: string): void {
    this.#answerCalls();
    const waiting = this.#results.get(step.call_id) ?? [];
    if (!waiting.some((placed) => placed.step === step)) return;
    this.#results.set(
      step.call_id,
      waiting.filter((placed) => placed.step !== step),
    );
    this.#writeText(step, "user");
    this.#tell(place, "is given this result as text, because it answers no call that was told to it.");
  }

  /** The API wants the answers to all calls of a content right after it, wherever they stand in the chain. */
  #answerCalls(): void {
    const calls = this.#unanswered;
    this.#unanswered = [];
    for (const { step, place } of calls) {
      const identity = identityOf(step);
      const result = this.#results.get(step.call_id)?.shift();
      const parts =
        result === undefined
          ? [missingResponse(identity)]
          : functionResponseParts(identity, result.step, result.place, this.#context);
      for (const part of parts) this.#add("user", part);
      if (result === undefined)
        this.#tell(
          place,
          `is told that nothing was given for the call '${shortened(step.call_id)}', which has no result.`,
        );
    }
  }

  /**
   * A step of a tool that runs elsewhere. Where this upstream itself ran it, it gets back the part that it sent; one that
   * was only read out of the answer's metadata was no part, and what it brought stands in the answer.
   */
  #writeServerTool(step: ToolCall | ToolResult, place: string, own: string | undefined): void {
    if (own === "" && isToldInMetadata(step.tool)) return;
    const isCode = step.tool === "code_execution";
    const part = isCode ? codePart(step) : this.#context.traits.isModern ? serverToolPart(step) : undefined;
    if (own !== undefined && part !== undefined) {
      this.#add("model", { ...part, ...signed(own) });
      return;
    }
    this.#writeText(step);
    const whose = own === undefined ? "another upstream" : "another model";
    this.#tell(place, `is given this step of the '${step.tool}' of ${whose} as text.`);
  }

  #writeText(step: Step, role: WireRole = "model"): void {
    this.#release();
    const text = readableStep(step);
    if (text !== "") this.#add(role, { text });
  }

  #add(role: WireRole, part: WirePart): void {
    if (role === "user") this.#release();
    else this.#sign(part);
    this.#push(role, part);
  }

  /** Gives the signature that waits to the part that it belongs to. */
  #sign(part: WirePart): void {
    const held = this.#held;
    if (held === undefined) return;
    const isSigned = part.thoughtSignature !== undefined;
    // Google's Interactions API tells the signature of a call in a thought before it, perhaps with a summary.
    const takesIt = held.summary === undefined ? canHold(part) : part.functionCall !== undefined;
    if (isSigned || !takesIt) {
      this.#release();
      return;
    }
    this.#held = undefined;
    part.thoughtSignature = held.value;
  }

  /** The signature that waits belongs to nothing that follows. */
  #release(): void {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    if (held.summary === undefined) this.#push("model", { text: "", thoughtSignature: held.value });
    else held.summary.thoughtSignature = held.value;
  }

  #push(role: WireRole, part: WirePart): void {
    const last = this.#contents.at(-1);
    if (last?.role === role) last.parts.push(part);
    else this.#contents.push({ role, parts: [part] });
  }

  #tell(field: string, what: string): void {
    const { upstream, degradations } = this.#context;
    degradations.push({ field, message: `The upstream '${upstream}' ${what}` });
  }
}

/** Functions of the client, and the tools of MCP servers, which the hub has run for models that know only functions. */
function isFunction(step: ToolCall | ToolResult): boolean {
  return step.tool === "function" || step.tool === "mcp_server";
}

function signed(value: string): { thoughtSignature?: string } {
  return value === "" ? {} : { thoughtSignature: value };
}

function identityOf(step: ToolCall): AnsweredCall {
  const name = step.name ?? "";
  return {
    id: step.call_id,
    name: step.tool === "mcp_server" ? mcpFunctionName(step.server_name ?? "", name) : name,
  };
}

function canHold(part: WirePart): boolean {
  if (part.thought === true) return false;
  return [part.text, part.inlineData, part.fileData, part.functionCall].some((member) => member !== undefined);
}

function signFirstCall(parts: readonly WirePart[]): void {
  const first = parts.find((part) => part.functionCall !== undefined);
  if (first !== undefined) first.thoughtSignature ??= NO_SIGNATURE;
}

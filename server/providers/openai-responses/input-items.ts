import type { Degradation } from "../../../schema/core/degradation.ts";
import { mcpFunctionName } from "../../../schema/core/mcp-function-name.ts";
import type { ModelOutput, Step, Thought, ToolCall, ToolResult, UserInput } from "../../../schema/core/step.ts";
import type { ModelCall } from "../../../schema/provider.ts";
import type { FunctionNames } from "../openai/function-names.ts";
import { readableStep } from "../readable-step.ts";
import { assistantItems, spoken } from "./assistant-items.ts";
import { CallIds } from "./call-ids.ts";
import { functionOutput } from "./function-output.ts";
import { hostedItemTypes, MADE_IMAGE } from "./hosted-steps.ts";
import { inputPart } from "./input-parts.ts";
import { unsealItem } from "./own-item.ts";
import type { InputItem, WireItem } from "./wire.ts";

/** A conversation as the model gets to hear it, and what had to be said in another form. */
export type InputItems = { items: InputItem[]; degradations: Degradation[] };

/**
 * The steps of a chain and of a request as input items. The upstream gets back its own items as they were; what other
 * vendors' tools did becomes readable text. The API's own rules are kept: each call of a function has its result, each
 * result its call, and reasoning is followed by what it led to.
 */
export function inputItems(
  { history, input }: Pick<ModelCall, "history" | "input">,
  upstream: string,
  names: FunctionNames,
): InputItems {
  const writer = new ItemWriter(upstream, names);
  for (const [index, step] of history.entries())
    writer.write(step, `history[${index}]`, history[index + 1] ?? input[0]);
  for (const [index, step] of input.entries()) writer.write(step, `input[${index}]`, input[index + 1]);
  return writer.finish();
}

/** An item, with the path of the step that it comes from. */
type Entry = { item: InputItem; field: string };

class ItemWriter {
  readonly #upstream: string;
  readonly #names: FunctionNames;
  readonly #ids = new CallIds();
  readonly #degradations: Degradation[] = [];
  readonly #entries: Entry[] = [];
  /** A step that has been given together with the one before it. */
  #given: Step | undefined;
  /** Path of the step that is being written. */
  #field = "";

  constructor(upstream: string, names: FunctionNames) {
    this.#upstream = upstream;
    this.#names = names;
  }

  write(step: Step, field: string, next: Step | undefined): void {
    this.#field = field;
    if (step === this.#given) return;
    switch (step.type) {
      case "user_input":
        this.#writeUser(step);
        break;
      case "model_output":
        this.#writeModel(step);
        break;
      case "thought":
        this.#writeThought(step);
        break;
      case "tool_call":
        this.#writeCall(step, next);
        break;
      case "tool_result":
        this.#writeResult(step);
        break;
      default:
        step satisfies never;
    }
  }

  finish(): InputItems {
    const entries = this.#entries.flatMap((entry, index) => this.#completed(entry, index));
    return { items: entries.map(({ item }) => item), degradations: this.#degradations };
  }

  #push(...items: InputItem[]): void {
    for (const item of items) this.#entries.push({ item, field: this.#field });
  }

  #lose(message: string | undefined, field = this.#field): void {
    if (message !== undefined) this.#degradations.push({ field, message });
  }

  #writeUser(step: UserInput): void {
    if (step.content.length === 0) return;
    const content = step.content.map((one) => {
      const { part, loss } = inputPart(one);
      this.#lose(loss);
      return part;
    });
    this.#push({ type: "message", role: "user", content });
  }

  #writeModel(step: ModelOutput): void {
    const { items, losses } = assistantItems(step);
    this.#push(...items);
    for (const loss of losses) this.#lose(loss);
  }

  #writeThought(step: Thought): void {
    const own = unsealItem(this.#upstream, step.signature, ["reasoning"]);
    if (own !== undefined) this.#push(own);
    else if (step.signature !== undefined || (step.summary ?? []).length > 0)
      this.#lose(`A thought that the upstream '${this.#upstream}' cannot take up again was left out.`);
  }

  #writeCall(step: ToolCall, next: Step | undefined): void {
    if (step.tool === "function" || step.tool === "mcp_server") {
      this.#writeFunctionCall(step);
      return;
    }
    const own = step.tool === "other" ? this.#ownUnknown(step, next) : this.#ownHosted(step, next);
    if (own === undefined) this.#writeReadable(step);
    else this.#push(own);
  }

  #writeFunctionCall(step: ToolCall): void {
    if (step.arguments_text !== undefined) {
      this.#writeReadable(step, "A call whose arguments were cut was given as text.");
      return;
    }
    const call_id = this.#ids.called(step.call_id);
    const name = this.#names.toWire(functionNameOf(step));
    this.#push({ type: "function_call", call_id, name, arguments: JSON.stringify(step.arguments ?? {}) });
  }

  /** The item of one of the upstream's own tools, which is in the signature of the result. */
  #ownHosted(step: ToolCall, next: Step | undefined): WireItem | undefined {
    if (next?.type !== "tool_result" || next.tool !== step.tool || next.call_id !== step.call_id) return undefined;
    const own = unsealItem(this.#upstream, next.signature, hostedItemTypes[step.tool] ?? []);
    if (own !== undefined) this.#given = next;
    return own;
  }

  /** An item that only the upstream itself knows; for an image that it made, the image stands in the next step. */
  #ownUnknown({ raw, signature }: ToolCall | ToolResult, next: Step | undefined): WireItem | undefined {
    if (raw === undefined || signature?.provider !== this.#upstream) return undefined;
    const item: WireItem = { ...raw, type: typeof raw.type === "string" ? raw.type : "" };
    if (item.type !== MADE_IMAGE) return item;
    const [made, ...more] = next?.type === "model_output" ? next.content : [];
    if (made?.type !== "image" || made.data === undefined || more.length > 0) return undefined;
    this.#given = next;
    return { ...item, result: made.data };
  }

  #writeResult(step: ToolResult): void {
    if (step.tool === "function" || step.tool === "mcp_server") {
      const call_id = this.#ids.answered(step.call_id);
      if (call_id === undefined) {
        this.#writeReadable(step, "A result without its call was given as text.");
        return;
      }
      const { output, losses } = functionOutput(step);
      this.#push({ type: "function_call_output", call_id, output });
      for (const loss of losses) this.#lose(loss);
      return;
    }
    const own = step.tool === "other" ? this.#ownUnknown(step, undefined) : undefined;
    if (own === undefined) this.#writeReadable(step);
    else this.#push(own);
  }

  #writeReadable(step: ToolCall | ToolResult, loss = `What the tool '${step.tool}' did was given as text.`): void {
    const text = readableStep(step);
    if (text !== "") this.#push(spoken(text));
    this.#lose(loss);
  }

  /** What the API demands around an item: a result for a call, and something that reasoning has led to. */
  #completed(entry: Entry, index: number): Entry[] {
    const { item, field } = entry;
    if (item.type === "function_call" && this.#ids.isWaiting(String(item.call_id))) {
      this.#lose("The call had no result, which the upstream was told instead of one.", field);
      const output: InputItem = {
        type: "function_call_output",
        call_id: String(item.call_id),
        output: "[No result was given.]",
      };
      return [entry, { item: output, field }];
    }
    if (item.type !== "reasoning") return [entry];
    let next = index + 1;
    while (this.#entries[next]?.item.type === "reasoning") next += 1;
    const led = this.#entries[next]?.item;
    if (led !== undefined && isModels(led)) return [entry];
    this.#lose("A thought that led to nothing was left out, because the upstream refuses it alone.", field);
    return [];
  }
}

/** Whether an item came from the model, and not from its user or a function. */
function isModels(item: InputItem): boolean {
  return item.type !== "function_call_output" && !("role" in item && item.role !== "assistant");
}

/** The name by which a model calls the function, or the MCP server's tool that is offered to it as one. */
export function functionNameOf({ tool, name = "", server_name = "" }: ToolCall): string {
  return tool === "mcp_server" ? mcpFunctionName(server_name, name) : name;
}

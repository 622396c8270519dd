import type { ProviderEvent } from "../../../schema/core/event.ts";
import type { Step } from "../../../schema/core/step.ts";
import { textIn } from "../json-members.ts";
import { hostedSteps } from "./hosted-steps.ts";
import type { ItemTrack } from "./item-track.ts";
import type { WireEvent, WireItem } from "./wire.ts";

/** An item of one of the upstream's own tools, told when it is whole; only code is told before it has run. */
export class HostedTrack implements ItemTrack {
  readonly #upstream: string;
  #id: string | undefined;
  #told = 0;
  /** How often the web was searched. */
  searches = 0;

  constructor(upstream: string) {
    this.#upstream = upstream;
  }

  start(item: WireItem): void {
    this.#id = textIn(item, "id");
  }

  take(event: WireEvent, out: ProviderEvent[]): void {
    if (event.type !== "response.code_interpreter_call_code.done" || this.#told > 0) return;
    const [call] = hostedSteps({ ...event, type: "code_interpreter_call" }, this.#upstream, this.#id);
    if (call !== undefined) this.#tell(call, out);
  }

  finish(item: WireItem, out: ProviderEvent[]): void {
    // Some servers give an item another id in every event: the first one counts.
    for (const step of hostedSteps(item, this.#upstream, this.#id).slice(this.#told)) this.#tell(step, out);
  }

  cut(): void {}

  /** Whoever follows a stream looks for the parts of a step in its deltas. */
  #tell(step: Step, out: ProviderEvent[]): void {
    this.#told += 1;
    switch (step.type) {
      case "tool_call": {
        const { arguments: args, ...shell } = step;
        out.push({ type: "step.start", step: shell });
        if (args !== undefined) out.push({ type: "step.delta", delta: { type: "call", arguments: args } });
        if (step.tool === "google_search") this.searches += 1;
        break;
      }
      case "tool_result": {
        const { result, is_error, signature, ...shell } = step;
        out.push({ type: "step.start", step: shell });
        const outcome = { ...(result && { result }), ...(is_error && { is_error }), ...(signature && { signature }) };
        out.push({ type: "step.delta", delta: { type: "result", ...outcome } });
        break;
      }
      case "model_output": {
        const { content, ...shell } = step;
        out.push({ type: "step.start", step: { ...shell, content: [] } });
        for (const part of content) out.push({ type: "step.delta", delta: { type: "content", content: part } });
        break;
      }
      default:
        out.push({ type: "step.start", step });
    }
    out.push({ type: "step.stop" });
  }
}

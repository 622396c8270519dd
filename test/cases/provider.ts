import { describe, expect, it } from "vitest";
import { applyDelta } from "../../schema/core/apply-delta.ts";
import type { ProviderEvent } from "../../schema/core/event.ts";
import { ProviderEvent as ProviderEventShape } from "../../schema/core/event.ts";
import { fold } from "../../schema/core/fold.ts";
import type { Interaction } from "../../schema/core/interaction.ts";
import type { Settings } from "../../schema/core/settings.ts";
import type { Step } from "../../schema/core/step.ts";
import type { ModelCall, Provider } from "../../schema/provider.ts";
import { begunInteraction } from "./begun-interaction.ts";
import { placedEvent } from "./placed-event.ts";

/** Everything a provider says, to the end. */
export async function eventsOf(
  provider: Provider,
  call: ModelCall,
  signal: AbortSignal = new AbortController().signal,
): Promise<ProviderEvent[]> {
  const events: ProviderEvent[] = [];
  for await (const event of provider.run(call, signal)) events.push(event);
  return events;
}

/** The interaction that events fold to; throws at an event that changes nothing, for the hub would refuse it. */
export function foldOf(events: readonly ProviderEvent[]): Interaction {
  let state = begunInteraction({ provider: "test" });
  let index = -1;
  for (const event of events) {
    if (event.type === "step.start") index += 1;
    const next = fold(state, placedEvent(event, index, "test"));
    // Closing a step that was never cut changes nothing.
    if (next === state && event.type !== "step.stop") throw new Error(`does not fit: ${JSON.stringify(event)}`);
    state = next;
  }
  return state;
}

/** A step in which the user says a text. */
export function saying(text: string): Step {
  return { type: "user_input", content: [{ type: "text", text }] };
}

/** What the suite needs of a provider. */
export type ProviderSubject = {
  /** A provider that does not wait, and one that waits for seconds somewhere before its end. */
  create(pace: "quick" | "slow"): Provider;
  /** Calls to be answered, each by a name that completes "answering …". */
  calls: ReadonlyMap<string, ModelCall>;
};

/** What holds for every provider, whatever it talks to. */
export function describeProvider(name: string, { create, calls }: ProviderSubject): void {
  describe(`${name} as a provider`, () => {
    const signal = new AbortController().signal;

    it("lists models under its own name, each once", async () => {
      const provider = create("quick");
      const models = await provider.models();
      expect(models.length).toBeGreaterThan(0);
      expect(new Set(models.map((model) => `${model.kind} ${model.id}`)).size).toBe(models.length);
      expect(models.every((model) => model.provider === provider.name)).toBe(true);
    });

    it.each([...calls])("accepts %s", (_, call) => {
      expect(create("quick").refuse(call)).toBeUndefined();
    });

    it.each([...calls])("ends with exactly one finish, its last event, in answer to %s", async (_, call) => {
      const events = await eventsOf(create("quick"), call, signal);
      expect(events.filter((event) => event.type === "finish")).toHaveLength(1);
      expect(events.at(-1)?.type).toBe("finish");
    });

    it.each([...calls])("says only events of the port's shape in answer to %s", async (_, call) => {
      for (const event of await eventsOf(create("quick"), call, signal))
        expect(() => ProviderEventShape.parse(event)).not.toThrow();
    });

    it.each([...calls])(
      "never lets steps overlap, and puts fitting deltas inside, in answer to %s",
      async (_, call) => {
        let open: Step | undefined;
        for (const event of await eventsOf(create("quick"), call, signal)) {
          switch (event.type) {
            case "step.start":
              expect(open).toBeUndefined();
              open = event.step;
              break;
            case "step.delta":
              expect(open).toBeDefined();
              open = open && applyDelta(open, event.delta);
              expect(open, `${event.delta.type} does not fit`).toBeDefined();
              break;
            case "step.stop":
              expect(open).toBeDefined();
              open = undefined;
              break;
            case "upstream":
            case "degraded":
            case "finish":
              expect(open).toBeUndefined();
              break;
            default:
              event satisfies never;
          }
        }
      },
    );

    it.each([...calls])(
      "folds cleanly, with whole arguments and a fitting status, in answer to %s",
      async (_, call) => {
        const { output, status } = foldOf(await eventsOf(create("quick"), call, signal));
        const toolCalls = output.filter((step) => step.type === "tool_call");
        expect(toolCalls.every((step) => step.arguments_text === undefined && step.arguments !== undefined)).toBe(true);
        expect(new Set(toolCalls.map((step) => step.call_id)).size).toBe(toolCalls.length);
        const answered = new Set(output.flatMap((step) => (step.type === "tool_result" ? [step.call_id] : [])));
        const pending = toolCalls.some((step) => step.tool === "function" && !answered.has(step.call_id));
        expect(status === "requires_action").toBe(pending);
        const foreign = output.filter(
          (step) => "signature" in step && step.signature?.provider !== create("quick").name,
        );
        expect(foreign).toEqual([]);
      },
    );

    it.each([...calls])("counts tokens that add up in answer to %s", async (_, call) => {
      const { usage } = foldOf(await eventsOf(create("quick"), call, signal));
      const { total_input_tokens: input = 0, total_output_tokens: output = 0 } = usage ?? {};
      const { total_thought_tokens: thought = 0, total_tool_use_tokens: tools = 0 } = usage ?? {};
      expect(usage?.total_tokens).toBe(input + output + thought + tools);
    });

    it.each([...calls])("stops at once when it is aborted amid %s", async (_, call) => {
      const controller = new AbortController();
      const events: ProviderEvent[] = [];
      const aborted = { at: 0, after: 0 };
      setTimeout(() => {
        Object.assign(aborted, { at: performance.now(), after: events.length });
        controller.abort();
      }, 30);
      try {
        for await (const event of create("slow").run(call, controller.signal)) events.push(event);
      } catch (error) {
        // A provider may end or throw; only what it throws after the abort is excused.
        if (!controller.signal.aborted) throw error;
      }
      expect(controller.signal.aborted, "must not end before it is aborted").toBe(true);
      expect(performance.now() - aborted.at).toBeLessThan(200);
      expect(events).toHaveLength(aborted.after);
    });

    it("says nothing when it is aborted before it begins", async () => {
      for (const call of calls.values()) {
        const aborted = AbortSignal.abort();
        const said = await eventsOf(create("slow"), call, aborted).catch(() => []);
        expect(said).toEqual([]);
      }
    });
  });
}

/** A call of a model with one thing said and some settings. */
export function callOf(model: string, text: string, settings: Settings = {}, history: Step[] = []): ModelCall {
  return { model, history, input: [saying(text)], settings };
}

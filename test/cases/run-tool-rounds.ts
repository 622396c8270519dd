import type { ProviderEvent } from "../../schema/core/event.ts";
import type { Settings } from "../../schema/core/settings.ts";
import type { ToolCall } from "../../schema/core/step.ts";
import type { ModelCall } from "../../schema/provider.ts";
import type { ToolServers } from "../../schema/tool-server.ts";
import { runWithToolServers } from "../../server/hub/tool-rounds.ts";
import { mcpServers } from "./open-tool-server.ts";
import { callOf } from "./provider.ts";
import { createScriptedProvider, type ScriptedProvider, type ScriptOptions } from "./scripted-provider.ts";

/** A loop over tools whose model is the test. */
export type ToolRoundsRun = {
  provider: ScriptedProvider;
  /** What it has said so far. */
  events: ProviderEvent[];
  controller: AbortController;
  /** Resolves when it has ended well; rejects with why it has not. */
  done: Promise<void>;
};

export type ToolRoundsRunOptions = ScriptOptions & {
  rounds?: number;
  servers?: ToolServers;
  call?: Partial<ModelCall>;
};

/** Starts a loop over the tools of a request. */
export function runToolRounds(
  settings: Settings,
  { rounds = 4, servers = mcpServers(), call, ...script }: ToolRoundsRunOptions = {},
): ToolRoundsRun {
  const provider = createScriptedProvider(script);
  const events: ProviderEvent[] = [];
  const controller = new AbortController();
  const whole: ModelCall = { ...callOf("scripted-model", "Will it rain?", settings), ...call };

  async function listen(): Promise<void> {
    const { signal } = controller;
    for await (const event of runWithToolServers({ provider, call: whole, servers, rounds, signal }))
      events.push(event);
  }

  const done = listen();
  // A test that looks for the failure only later must not be ended by it.
  done.catch(() => {});
  return { provider, events, controller, done };
}

/** A provider's call of a function, its arguments in fragments. */
export function callEvents(name: string, given: object, step: Partial<ToolCall> = {}): ProviderEvent[] {
  const text = JSON.stringify(given);
  return [
    { type: "step.start", step: { type: "tool_call", tool: "function", call_id: "c1", name, arguments: {}, ...step } },
    { type: "step.delta", delta: { type: "arguments", text: text.slice(0, 3) } },
    { type: "step.delta", delta: { type: "arguments", text: text.slice(3) } },
    { type: "step.stop" },
  ];
}

/** The end of a round in which something was called. */
export const pending: ProviderEvent = { type: "finish", status: "requires_action", usage: { total_tokens: 5 } };

import { addUsage } from "../../schema/core/add-usage.ts";
import type { Degradation } from "../../schema/core/degradation.ts";
import { HubError } from "../../schema/core/error.ts";
import type { ProviderEvent } from "../../schema/core/event.ts";
import type { Failure } from "../../schema/core/interaction.ts";
import type { Step, ToolResult } from "../../schema/core/step.ts";
import type { Usage } from "../../schema/core/usage.ts";
import type { ModelCall, Provider } from "../../schema/provider.ts";
import type { ToolServer, ToolServers } from "../../schema/tool-server.ts";
import { type Offer, offerTools, withoutDemand } from "./offered-tools.ts";
import { type PathsOfRounds, pathsOfRounds } from "./paths-of-rounds.ts";
import { refuseToolServers } from "./refuse-tool-servers.ts";
import { notRun, runServedCalls } from "./run-served-calls.ts";
import { createServedRound, type ServedRound } from "./served-round.ts";

export type ToolRoundsOptions = {
  provider: Provider;
  call: ModelCall;
  servers: ToolServers;
  /** How often the model may be given results to go on from. */
  rounds: number;
  signal: AbortSignal;
};

type Finish = Extract<ProviderEvent, { type: "finish" }>;

/** How a round ended, and the id under which the upstream keeps it. */
type End = { finish: Finish; upstream: string | undefined };

/**
 * Runs a call whose tools include MCP servers that the hub has to reach: their tools are offered to the model as functions,
 * what it calls of them is run here, and it is asked again with the results, until it calls none of them. To whoever listens
 * this is one run: its steps tell calls and results of MCP tools, its usage is that of all rounds. Calls of the client's own
 * functions end it as usual; their results come with the next interaction, when those of MCP tools are already there.
 */
export async function* runWithToolServers(options: ToolRoundsOptions): AsyncGenerator<ProviderEvent, void, void> {
  const { call, servers } = options;
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  signal.throwIfAborted();
  const refusal = refuseToolServers(call.settings.tools ?? [], servers);
  if (refusal !== undefined) throw new HubError("invalid_request", refusal.message, { field: refusal.field });
  const opened = await openServers(call, servers, signal);
  try {
    yield* converse({ ...options, signal }, offerTools(call.settings, opened));
  } finally {
    stopping.abort();
    await Promise.all([...opened.values()].map((server) => server.close()));
  }
}

/** Opens the servers side by side. If one cannot be opened, none stays open. */
async function openServers(
  { settings }: ModelCall,
  servers: ToolServers,
  signal: AbortSignal,
): Promise<Map<number, ToolServer>> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const opened = new Map<number, ToolServer>();
  const opening = (settings.tools ?? []).map(async (tool, place) => {
    if (tool.type !== "mcp_server") return;
    const { type: _type, ...request } = tool;
    try {
      opened.set(place, await servers.open(request, `tools[${place}]`, either));
    } catch (error) {
      // The first failure is the reason of all others, which its signal ends.
      failed.abort(error);
      throw error;
    }
  });
  await Promise.allSettled(opening);
  if (!either.aborted) return opened;
  await Promise.all([...opened.values()].map((server) => server.close()));
  throw either.reason;
}

async function* converse(
  { provider, call, rounds, signal }: ToolRoundsOptions,
  offer: Offer,
): AsyncGenerator<ProviderEvent, void, void> {
  const paths = pathsOfRounds(call, offer);
  const told = createDegradations();
  let next: ModelCall = { ...call, settings: offer.settings };
  let usage: Usage | undefined;
  const refusal = provider.refuse(next);
  if (refusal !== undefined) throw paths.refusal(refusal);
  yield* told.news(offer.notes);

  for (let left = rounds; ; left -= 1) {
    const round = createServedRound(offer.served);
    const end = yield* listen(provider, next, round, { paths, told, signal });
    if (end === undefined) return;
    usage = addUsage(usage, end.finish.usage);
    const finish: Finish = usage === undefined ? end.finish : { ...end.finish, usage };

    if (round.calls.length === 0) {
      // An id is only told where the upstream knows all that the chain holds: the next turn goes on by it.
      if (end.upstream !== undefined) yield { type: "upstream", id: end.upstream };
      yield finish;
      return;
    }
    if (finish.status !== "completed" && finish.status !== "requires_action") {
      yield* leave(round);
      yield finish;
      return;
    }
    const isClients = callsFunctions(round.steps);
    if (left <= 0 && !isClients) {
      const failure = tooManyRounds(rounds);
      for (const each of round.calls) yield* say(notRun(each, failure.message));
      yield { ...finish, status: "incomplete", errors: [failure] };
      return;
    }
    const results: ToolResult[] = [];
    for await (const result of runServedCalls(round.calls, signal)) {
      results.push(result);
      yield* say(result);
    }
    if (isClients) {
      yield { ...finish, status: "requires_action" };
      return;
    }
    next = continued(next, provider.name, round.steps, end, results);
  }
}

type Listening = { paths: PathsOfRounds; told: Degradations; signal: AbortSignal };

/** Passes on what a provider says in a round, in the request's own words; gives how it ended, if it did. */
async function* listen(
  provider: Provider,
  call: ModelCall,
  round: ServedRound,
  { paths, told, signal }: Listening,
): AsyncGenerator<ProviderEvent, End | undefined, void> {
  const before = call.history.length;
  let upstream: string | undefined;
  try {
    for await (const event of provider.run(call, signal)) {
      switch (event.type) {
        case "step.start":
        case "step.delta":
        case "step.stop":
          yield* round.take(event);
          break;
        case "upstream":
          upstream = event.id;
          break;
        case "degraded":
          yield* told.news(event.degradations.map((each) => paths.degradation(each, before)));
          break;
        case "finish":
          yield* round.close();
          return { finish: event, upstream };
        default:
          event satisfies never;
      }
    }
    if (!signal.aborted) yield* breakOff(round);
    return undefined;
  } catch (error) {
    if (!signal.aborted) yield* breakOff(round);
    throw paths.error(error, before);
  }
}

/** The call of the next round: the chain goes on with what was said in this one, and its results are the input. */
function continued(call: ModelCall, provider: string, steps: readonly Step[], end: End, input: Step[]): ModelCall {
  const added = [...call.input, ...steps];
  const history = [...call.history, ...added];
  const next: ModelCall = { ...call, history, input, settings: withoutDemand(call.settings) };
  const { history_by: authors = [] } = call;
  if (authors.length === call.history.length) next.history_by = [...authors, ...added.map(() => provider)];
  if (end.upstream !== undefined) next.anchor = { id: end.upstream, steps: history.length };
  return next;
}

function breakOff(round: ServedRound): ProviderEvent[] {
  return [...round.breakOff(), ...leave(round)];
}

/** No call stays without a result: a model that hears of it in a later turn would have to guess. */
function leave({ calls }: ServedRound): ProviderEvent[] {
  return calls.flatMap((call) => say(notRun(call, "the answer ended before it was whole.")));
}

/** Whether the client has a function to run. */
function callsFunctions(steps: readonly Step[]): boolean {
  const answered = new Set(steps.flatMap((step) => (step.type === "tool_result" ? [step.call_id] : [])));
  return steps.some((step) => step.type === "tool_call" && step.tool === "function" && !answered.has(step.call_id));
}

function say({ result, is_error, ...shell }: ToolResult): ProviderEvent[] {
  return [
    { type: "step.start", step: shell },
    {
      type: "step.delta",
      delta: {
        type: "result",
        ...(result === undefined ? {} : { result }),
        ...(is_error === undefined ? {} : { is_error }),
      },
    },
    { type: "step.stop" },
  ];
}

function tooManyRounds(rounds: number): Failure {
  const message = `The model called tools of MCP servers in more rounds than the ${rounds} that mcp.rounds allows.`;
  return { code: "max_tool_rounds", message };
}

type Degradations = { news(degradations: readonly Degradation[]): ProviderEvent[] };

/** Most of what an upstream cannot be given it cannot be given in any round: it is told once. */
function createDegradations(): Degradations {
  const told = new Set<string>();
  return {
    news(degradations) {
      const fresh = degradations.filter(({ field, message }) => !told.has(`${field} ${message}`));
      for (const { field, message } of fresh) told.add(`${field} ${message}`);
      return fresh.length === 0 ? [] : [{ type: "degraded", degradations: fresh }];
    },
  };
}

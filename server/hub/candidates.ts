import type { ChainLink } from "../../db/store.ts";
import type { Degradation } from "../../schema/core/degradation.ts";
import { HubError } from "../../schema/core/error.ts";
import type { CreateRequest } from "../../schema/core/interaction.ts";
import { shortened } from "../../schema/core/shortened.ts";
import type { Step } from "../../schema/core/step.ts";
import type { Anchor, ModelCall, Refusal } from "../../schema/provider.ts";
import type { ToolServers } from "../../schema/tool-server.ts";
import type { Resolved, Target } from "./catalog.ts";
import { refuseToolServers, runsToolsOf } from "./refuse-tool-servers.ts";
import type { Candidate, Candidates } from "./with-fallback.ts";

export type CandidatesOptions = {
  request: CreateRequest;
  resolved: Resolved;
  /** The chain before, and what of the request's input it does not hold already. */
  links: readonly ChainLink[];
  history: Step[];
  input: Step[];
  caller_key: string | undefined;
  servers: ToolServers;
};

/** Who of those that were asked for can honour the request, and what is to be told of those who cannot. */
export type Choice = { candidates: Candidates; notes: Degradation[] };

/** Rejects with the first refusal if nobody can honour it. */
export function chooseCandidates(options: CandidatesOptions): Choice {
  const { request, resolved } = options;
  const candidates: Candidate[] = [];
  const notes: Degradation[] = resolved.missing.map((name) => ({
    field: resolved.kind,
    message: `'${shortened(name)}' was not asked: nobody has it now.`,
  }));
  let first: Refusal | undefined;
  for (const target of resolved.targets) {
    const candidate = candidateOf(target, options);
    // Judged as it was sent, so that a refusal names the place that the client knows.
    const refusal = refusalOf({ ...candidate.call, input: request.input }, target, options);
    if (refusal === undefined) candidates.push(candidate);
    else notes.push({ field: refusal.field, message: `'${target.provider.name}' was not asked: ${refusal.message}` });
    first ??= refusal;
  }
  const [chosen, ...others] = candidates;
  if (chosen !== undefined) return { candidates: [chosen, ...others], notes };
  throw new HubError("invalid_request", first?.message ?? "No upstream can honour this request.", {
    ...(first === undefined ? {} : { field: first.field }),
  });
}

function refusalOf(call: ModelCall, { provider }: Target, options: CandidatesOptions): Refusal | undefined {
  const [unknown] = provider.takesUnknown === true ? [] : (options.request.unknown ?? []);
  if (unknown !== undefined) return unknown;
  const tools = runsToolsOf(provider, call) ? (call.settings.tools ?? []) : [];
  return refuseToolServers(tools, options.servers) ?? provider.refuse(call);
}

function candidateOf(target: Target, options: CandidatesOptions): Candidate {
  const { request, resolved, links, history, input, caller_key } = options;
  const call = callTo(target, { kind: resolved.kind, asked: request, links, history, input });
  if (caller_key !== undefined) call.caller_key = caller_key;
  return { provider: target.provider, call, ...(target.name === resolved.name ? {} : { upstream_model: target.name }) };
}

export type Asked = {
  kind: Resolved["kind"];
  asked: Pick<CreateRequest, "settings" | "store" | "background">;
  links: readonly ChainLink[];
  history: Step[];
  input: Step[];
};

/** What an upstream is asked, in its terms. */
export function callTo({ provider, name }: Target, { kind, asked, links, history, input }: Asked): ModelCall {
  const { settings, store, background } = asked;
  const anchor = anchorOf(links, provider.name);
  return {
    [kind]: name,
    history,
    ...(history.length === 0 ? {} : { history_by: authorsOf(links) }),
    input,
    settings,
    store,
    background,
    ...(anchor === undefined ? {} : { anchor }),
  };
}

function authorsOf(links: readonly ChainLink[]): string[] {
  return links.flatMap(({ provider, steps }) => steps.map(() => provider));
}

/** The latest interaction of the chain that an upstream ran to its end and keeps. */
function anchorOf(links: readonly ChainLink[], upstream: string): Anchor | undefined {
  let steps = 0;
  let anchor: Anchor | undefined;
  for (const link of links) {
    steps += link.steps.length;
    const isKept = link.upstream_id !== undefined && link.provider === upstream && keptStatuses.has(link.status);
    if (isKept && link.upstream_id !== undefined) anchor = { id: link.upstream_id, steps };
  }
  return anchor;
}

/** Ends after which an upstream can go on: what failed or was cancelled may hold less there than it does here. */
const keptStatuses: ReadonlySet<ChainLink["status"]> = new Set(["completed", "requires_action"]);

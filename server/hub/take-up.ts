import type { Store } from "../../db/store.ts";
import { HubError } from "../../schema/core/error.ts";
import type { Failure, Interaction } from "../../schema/core/interaction.ts";
import { callTo } from "./candidates.ts";
import type { Catalog } from "./catalog.ts";
import { readContinuation } from "./continuation.ts";
import { interruption, lost } from "./interruption.ts";
import { type LogEnd, readLogEnd } from "./read-log-end.ts";
import { runsToolsOf } from "./refuse-tool-servers.ts";
import { restOfAnswer } from "./said-again.ts";
import type { Candidate, Perform } from "./with-fallback.ts";

/** A run that its upstream may have gone on with: what is stored of it, whom to ask, and how. */
export type TakeUp = { interaction: Interaction; end: LogEnd; candidate: Candidate; perform: Perform };

/**
 * How to go on with a background run of a process that died, where its upstream kept it under an id of its own; else why it
 * cannot be gone on with. Nothing is sent before the run is started.
 */
export async function planTakeUp(store: Store, catalog: Catalog, id: string): Promise<TakeUp | Failure> {
  const head = await store.head(id);
  // What runs in the foreground ends with the connection of whoever asked.
  if (head?.background !== true) return interruption;
  const interaction = await store.find(id);
  const upstream_id = interaction?.upstream_id;
  if (interaction === undefined || upstream_id === undefined) return interruption;
  const provider = catalog.provider(interaction.provider);
  if (provider === undefined) return lost(`the upstream '${interaction.provider}' is not set up any more.`);
  const { kind, name } = nameOf(interaction);
  const { links, history } = await chainBefore(store, interaction);
  const call = callTo({ provider, name }, { kind, asked: interaction, links, history, input: interaction.input });
  const { resume } = provider;
  // Of several calls that the hub made in turn, the upstream keeps only one.
  if (resume === undefined || runsToolsOf(provider, call)) return interruption;
  const end = await readLogEnd(store, id);
  const perform: Perform = (_candidate, signal) =>
    restOfAnswer({ interaction, open: end.open }, resume.call(provider, call, upstream_id, signal));
  return { interaction, end, candidate: { provider, call }, perform };
}

function nameOf({ agent, model, upstream_model }: Interaction): { kind: "agent" | "model"; name: string } {
  return { kind: agent === undefined ? "model" : "agent", name: upstream_model ?? agent ?? model ?? "" };
}

/** What the chain said before, as far as it is still stored. */
async function chainBefore(store: Store, { previous_id }: Interaction) {
  try {
    return previous_id === undefined ? { links: [], history: [] } : await readContinuation(store, previous_id);
  } catch (error) {
    if (error instanceof HubError) return { links: [], history: [] };
    throw error;
  }
}

import type { InteractionHead } from "../schema/archive.ts";
import { type Interaction, isTerminal } from "../schema/core/interaction.ts";
import type { Labels, Settings } from "../schema/core/settings.ts";
import type { OpenDatabase } from "./open-database.ts";
import { prepareSideStatements } from "./side-statements.ts";
import { toolUsesOf } from "./tool-uses.ts";
import { addedCounts, noCounts, usageCounts } from "./usage-counts.ts";

/** Removals that are remembered, so that who was away for a while hears of them. */
export const REMEMBERED_REMOVALS = 10_000;

/** Removals after which older ones are forgotten. */
const PRUNE_INTERVAL = 1000;

export const MILLISECONDS_PER_DAY = 86_400_000;

/**
 * What stands beside the rows of an interaction, so that the archive finds it: labels, tools, usage, the order of changes.
 * All of it is written within the transaction that writes the interaction.
 */
export type SideRows = {
  /** The number of the next change. One that a transaction does not keep is not given out again. */
  nextChange(): number;
  began(key: number, interaction: Interaction): void;
  ended(key: number, interaction: Interaction): void;
  /** Writes the settings with their labels. */
  relabelled(key: number, settings: Settings): void;
  removing(interaction: InteractionHead): void;
};

export function createSideRows(database: OpenDatabase): SideRows {
  const statements = prepareSideStatements(database);
  let change = statements.latestChange.get() ?? 0;
  let latestCreation = statements.latestCreation.all({})[0]?.latest ?? 0;
  let removed = 0;

  function nextChange(): number {
    change += 1;
    return change;
  }

  function writeLabels(key: number, labels: Labels | undefined): void {
    for (const label in labels) statements.insertLabel.run({ interaction: key, key: label, value: labels[label] });
  }

  function writeToolUses(key: number, side: "input" | "output", interaction: Interaction): void {
    const { previous_id } = interaction;
    const nameOf = (callId: string) =>
      previous_id === undefined ? undefined : (statements.calledName.get(previous_id, callId) ?? undefined);
    for (const use of toolUsesOf(side, interaction[side], nameOf)) {
      statements.addToolUse.run({ interaction: key, ...use });
    }
  }

  /** Takes away with -1. */
  function countUsage(interaction: InteractionHead, sign: 1 | -1): void {
    const { status, provider, model = "", agent = "" } = interaction;
    const group = { day: dayOf(interaction.created_at), status, provider, model, agent };
    statements.addUsage.run({ ...group, ...addedCounts(noCounts, usageCounts(interaction.usage), sign) });
    if (sign === -1) statements.forgetEmptyUsage.run(group);
  }

  return {
    nextChange,

    began(key, interaction) {
      const lag = latestCreation - interaction.created_at;
      // That of a transaction that fails stays too: a lag that is too long only makes the archive look at more.
      if (lag > 0) statements.raiseLag.run({ lag });
      else latestCreation = interaction.created_at;
      writeLabels(key, interaction.settings.labels);
      writeToolUses(key, "input", interaction);
    },

    ended(key, interaction) {
      writeToolUses(key, "output", interaction);
      countUsage(interaction, 1);
    },

    relabelled(key, settings) {
      statements.setSettings.run({ key, settings: JSON.stringify(settings), change: nextChange() });
      statements.removeLabels.run({ interaction: key });
      writeLabels(key, settings.labels);
    },

    removing(interaction) {
      if (isTerminal(interaction.status)) countUsage(interaction, -1);
      statements.insertRemoval.run({ change: nextChange(), id: interaction.id });
      removed += 1;
      if (removed % PRUNE_INTERVAL !== 0) return;
      const oldest = statements.removalBefore.get(REMEMBERED_REMOVALS);
      if (oldest !== undefined) statements.pruneRemovals.run({ change: oldest });
    },
  };
}

/** The day of a time, counted from 1970, in UTC. */
export function dayOf(milliseconds: number): number {
  return Math.floor(milliseconds / MILLISECONDS_PER_DAY);
}

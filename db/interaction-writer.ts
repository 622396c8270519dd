import type { InteractionHead } from "../schema/archive.ts";
import { HubError } from "../schema/core/error.ts";
import type { LoggedEvent } from "../schema/core/event.ts";
import type { Interaction } from "../schema/core/interaction.ts";
import type { Labels } from "../schema/core/settings.ts";
import type { Step } from "../schema/core/step.ts";
import { roleOf } from "../schema/core/turn.ts";
import { headOf } from "./interaction-head.ts";
import { detaching, moveInEvent, moveInStep, type UsedBlob } from "./media.ts";
import type { MediaBytes } from "./media-bytes.ts";
import type { OpenDatabase } from "./open-database.ts";
import { searchText } from "./search-text.ts";
import { createSideRows } from "./side-rows.ts";
import type { Statements } from "./statements.ts";
import type { TextIndex } from "./text-index.ts";

/**
 * Writes the rows of interactions. Every method is to be called within a transaction. Media come with their bytes, or, where
 * those are kept already, with their hash.
 */
export type InteractionWriter = {
  /** A new interaction with the beginning of its log; gives its key. */
  insert(interaction: Interaction, log: readonly LoggedEvent[]): number;
  append(key: number, log: readonly LoggedEvent[]): void;
  /** The end of an interaction; false, and nothing, if it has ended already. */
  finish(key: number, interaction: Interaction, log: readonly LoggedEvent[]): boolean;
  /** Other labels; gives the interaction as it is then, `undefined` if it is not stored. */
  setLabels(id: string, labels: Labels): InteractionHead | undefined;
  /** False if it is not stored. */
  remove(id: string): boolean;
};

export function createInteractionWriter(options: {
  database: OpenDatabase;
  statements: Statements;
  texts: TextIndex;
  media: MediaBytes;
  /** The most bytes of each image, audio, video or document. */
  mediaBytes: number;
}): InteractionWriter {
  const { statements, texts } = options;
  const sideRows = createSideRows(options.database);

  function writeBlobs(key: number, collected: ReadonlyMap<string, UsedBlob>): void {
    for (const { sha256, bytes, mime_type } of collected.values()) {
      if (bytes !== undefined && bytes.length > options.mediaBytes) {
        throw new HubError(
          "request_too_large",
          `Media of ${bytes.length} bytes is more than is kept (limits.stored_media_bytes is ${options.mediaBytes}).`,
        );
      }
      if (bytes !== undefined) options.media.write({ sha256, bytes, mime_type });
      statements.insertBlobUse.run({ interaction: key, sha256, mimeType: mime_type ?? null });
    }
  }

  function append(key: number, log: readonly LoggedEvent[]): void {
    const collected = new Map<string, UsedBlob>();
    const detach = detaching(collected);
    statements.insertEvents.run(
      log.map(({ sequence, at, event }) => ({ interaction: key, sequence, at, body: moveInEvent(event, detach) })),
    );
    if (collected.size > 0) writeBlobs(key, collected);
  }

  function writeSteps(key: number, side: "input" | "output", steps: readonly Step[], firstTurn: number): void {
    const collected = new Map<string, UsedBlob>();
    const detach = detaching(collected);
    let turn = firstTurn;
    for (const [index, step] of steps.entries()) {
      const before = steps[index - 1];
      if (before !== undefined && roleOf(before) !== roleOf(step)) turn += 1;
      const text = searchText(step);
      statements.insertStep.run({
        interaction: key,
        side,
        index,
        turn,
        type: step.type,
        tool: "tool" in step ? step.tool : null,
        callId: "call_id" in step ? step.call_id : null,
        text,
        body: moveInStep(step, detach),
      });
      texts.add(text);
    }
    if (collected.size > 0) writeBlobs(key, collected);
  }

  return {
    append,

    insert(interaction, log) {
      const written = statements.insertInteraction.run({
        id: interaction.id,
        rootId: interaction.root_id,
        previousId: interaction.previous_id ?? null,
        status: interaction.status,
        model: interaction.model ?? null,
        agent: interaction.agent ?? null,
        provider: interaction.provider,
        upstreamModel: interaction.upstream_model ?? null,
        revision: interaction.revision,
        background: interaction.background,
        createdAt: interaction.created_at,
        updatedAt: interaction.updated_at,
        settings: interaction.settings,
        change: sideRows.nextChange(),
      });
      const key = Number(written.lastInsertRowid);
      sideRows.began(key, interaction);
      writeSteps(key, "input", interaction.input, 0);
      append(key, log);
      return key;
    },

    finish(key, interaction, log) {
      const { changes } = statements.finishInteraction.run({
        key,
        status: interaction.status,
        updatedAt: interaction.updated_at,
        usage: jsonOrNull(interaction.usage),
        errors: jsonOrNull(interaction.errors),
        provider: interaction.provider,
        upstreamModel: interaction.upstream_model ?? null,
        upstreamId: interaction.upstream_id ?? null,
        degraded: jsonOrNull(interaction.degraded),
        change: sideRows.nextChange(),
      });
      if (changes === 0) return false;
      sideRows.ended(key, interaction);
      append(key, log);
      writeSteps(key, "output", interaction.output, 1);
      return true;
    },

    setLabels(id, labels) {
      const row = statements.interactionById.get(id);
      if (row === undefined) return undefined;
      const head = headOf(row, true);
      const { labels: _, ...settings } = head.settings;
      const relabelled = Object.keys(labels).length === 0 ? settings : { ...settings, labels };
      sideRows.relabelled(row.key, relabelled);
      return { ...head, settings: relabelled };
    },

    remove(id) {
      const row = statements.interactionById.get(id);
      if (row === undefined) return false;
      sideRows.removing(headOf(row, true));
      const orphans = statements.blobsUsedOnlyBy.all({ interaction: row.key });
      statements.removeInteraction.run({ key: row.key });
      for (const { sha256 } of orphans) statements.removeBlob.run({ sha256 });
      return true;
    },
  };
}

function jsonOrNull(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

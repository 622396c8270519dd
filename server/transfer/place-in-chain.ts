import { HubError } from "../../schema/core/error.ts";
import type { InteractionRecord } from "../../schema/transfer/records.ts";
import type { TransferWriting } from "../../schema/transfer.ts";
import type { Links } from "./interaction-import.ts";
import { wrong } from "./wrong-file.ts";

export type PlaceOptions = {
  existing: "refuse" | "skip";
  /** The id under which an interaction is imported; where that is its own, `undefined`. */
  otherId: ((id: string) => string) | undefined;
};

/** Where an interaction goes: `undefined` if it is stored already and stays as it is. `isOrphan` if what came before it is not stored. */
export type Place = { links: Links; isOrphan: boolean } | undefined;

/**
 * Finds the place of an interaction among those that are stored. Refuses one that comes twice, one that is stored already
 * unless such are skipped, and one that others go on from that are stored: whatever goes on from something has come later, and
 * what reads along chains relies on it.
 */
export async function placeInChain(
  record: InteractionRecord,
  writing: TransferWriting,
  { existing, otherId }: PlaceOptions,
): Promise<Place> {
  const subject = `interactions/${record.id}`;
  const id = otherId?.(record.id) ?? record.id;
  const stored = await writing.find(id);
  if (stored?.isNew === true) throw wrong(`${subject}: comes twice.`);
  if (stored !== undefined && existing === "skip") return undefined;
  if (stored !== undefined) {
    throw new HubError(
      "failed_precondition",
      `${subject}: is stored already. Skip what is stored (--existing skip), or import under new ids (--ids new).`,
    );
  }
  await refuseFollowed(record.id, subject, writing, otherId !== undefined);
  const { root_id, previous_id } = record;
  if (previous_id === undefined) return { links: { id, root_id: id }, isOrphan: false };

  const root = await idWithin(root_id, writing, otherId);
  const previous = await idWithin(previous_id, writing, otherId);
  const before = await writing.find(previous);
  if (before !== undefined && before.root_id !== root) {
    throw wrong(`${subject}: root_id is not that of the interaction before it.`);
  }
  return { links: { id, root_id: root, previous_id: previous }, isOrphan: before === undefined };
}

async function refuseFollowed(
  id: string,
  subject: string,
  writing: TransferWriting,
  isRenamed: boolean,
): Promise<void> {
  const follower = await writing.follower(id);
  if (follower === undefined) return;
  if ((await writing.find(follower))?.isNew === true) throw wrong(`${subject}: comes after what goes on from it.`);
  // Under another id it is none of those that are stored.
  if (isRenamed) return;
  throw new HubError(
    "failed_precondition",
    `${subject}: ${follower}, which goes on from it, is stored without it. Import under new ids, or into another file.`,
  );
}

/** The other id of what came in this file; what did not is named as it was. */
async function idWithin(
  id: string,
  writing: TransferWriting,
  otherId: ((id: string) => string) | undefined,
): Promise<string> {
  if (otherId === undefined) return id;
  const other = otherId(id);
  return (await writing.find(other))?.isNew === true ? other : id;
}

import type { HubError } from "../core/error.ts";
import type { UnknownMember } from "../core/interaction.ts";

/** Where a decoder enters what it kept without knowing it; without it, what is not known is refused. */
export type Unknown = UnknownMember[] | undefined;

/** Enters why something that is kept as it came would be refused; throws the refusal where nothing is kept. */
export function keepUnknown(refusal: HubError, unknown: Unknown): void {
  if (unknown === undefined) throw refusal;
  unknown.push({ field: refusal.field ?? "", message: refusal.message });
}

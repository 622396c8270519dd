import type { Failure } from "../../schema/core/interaction.ts";

/** The cause of an end that nobody was there to write. */
export const interruption: Failure = {
  code: "interrupted",
  message: "The server stopped before this interaction had ended.",
};

/** The same, of what its upstream went on with, and why that is of no use. */
export function lost(reason: string): Failure {
  return { ...interruption, message: `${interruption.message} It could not be taken up again: ${reason}` };
}

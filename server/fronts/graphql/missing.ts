import { HubError } from "../../../schema/core/error.ts";
import { shortened } from "../../../schema/core/shortened.ts";

/** Refuses the id of something that is not stored. */
export function missing(id: string): never {
  throw new HubError("not_found", `Interaction '${shortened(id)}' was not found.`);
}

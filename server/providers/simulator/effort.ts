import { HubError } from "../../../schema/core/error.ts";

/** What making one answer may still cost: a schema can ask for more work than anybody waits for. */
export type Effort = {
  /** Takes from what is left; a `HubError` when it is used up. */
  spend(amount: number): void;
  /** Whether so little is left that what need not be is left out. */
  scarce(): boolean;
};

/** From here on values that no schema demands are left out. */
const SCARCE_SHARE = 0.9;

/** An effort of so many units in all; the error names the request's member that asks for more. */
export function createEffort(total: number, field: string): Effort {
  let left = total;
  return {
    spend(amount) {
      left -= amount;
      if (left >= 0) return;
      throw new HubError("invalid_request", "The schema asks for more than the simulator can make.", { field });
    },
    scarce: () => left < total * SCARCE_SHARE,
  };
}

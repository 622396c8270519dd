import type { Step } from "../../../schema/core/step.ts";

/** What an answer will be, whole, before any of it is said. */
export type Plan = {
  steps: Step[];
  thoughtTokens: number;
  /** Queries that went to the search tool. */
  searches: number;
  /** Whether it was cut because the tokens it may have were used up. */
  cut: boolean;
};

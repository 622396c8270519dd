import { describe, expect, it } from "vitest";
import type { Degradation } from "../../schema/core/degradation.ts";
import type { ModelCall, Provider } from "../../schema/provider.ts";
import { features, type SupportTable } from "../../server/providers/support.ts";
import { featureSamples } from "./feature-samples.ts";

/** What the suite needs of a kind of upstream. */
export type SupportSubject = {
  provider: Provider;
  table: SupportTable;
  /** The text of the request that the upstream got for a call, and what was told of it. */
  sentFor(call: ModelCall): Promise<{ body: string; degradations: readonly Degradation[] }>;
};

/** That the table which the README prints is true: each feature is refused, honoured, translated or left out as it says. */
export function describeSupport(kind: string, { provider, table, sentFor }: SupportSubject): void {
  describe(`the table of what ${kind} supports`, () => {
    const samples = featureSamples(provider.name);

    it.each(features)("is true of %s", async (feature) => {
      const { call, marker, field } = samples[feature];
      const [how, note] = table[feature].split(": ", 2);
      const refusal = feature === "unknown members" ? undefined : provider.refuse(call);
      if (how === "refused") {
        if (feature === "unknown members") {
          expect(provider.takesUnknown ?? false).toBe(false);
          return;
        }
        expect(refusal?.field.startsWith(field), `refuses at ${refusal?.field}, not at ${field}`).toBe(true);
        expect(refusal?.message).toContain(provider.name);
        return;
      }
      expect(refusal, "refuses what the table calls supported").toBeUndefined();
      const { body, degradations } = await sentFor(call);
      const told = degradations.filter((degradation) => degradation.field.startsWith(field));
      switch (how) {
        case "honoured":
          expect(degradations).toEqual([]);
          if (note === undefined) expect(body).toContain(marker);
          break;
        case "translated":
          expect(told.length > 0 || body.includes(marker), "neither said nor told").toBe(true);
          break;
        case "left out":
          expect(told, "left out in silence").not.toEqual([]);
          break;
        default:
          throw new Error(`'${how}' is no word of the table`);
      }
    });
  });
}

import type { Settings } from "../../../../schema/core/settings.ts";
import { builder } from "../builder.ts";

export type LabelSource = { key: string; value: string };

export const Label = builder.objectRef<LabelSource>("Label");
Label.implement({
  description: "A key and a value by which interactions are found and counted.",
  fields: (t) => ({
    key: t.exposeString("key", { description: "The key." }),
    value: t.exposeString("value", { description: "The value." }),
  }),
});

/** The labels of an interaction, by their keys' order. */
export function labelsOf({ labels = {} }: Settings): LabelSource[] {
  return Object.entries(labels)
    .map(([key, value]) => ({ key, value }))
    .sort((one, other) => (one.key < other.key ? -1 : 1));
}

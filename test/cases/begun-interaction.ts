import type { Interaction } from "../../schema/core/interaction.ts";

/** An interaction of which nothing has come yet, with what a test says of it. */
export function begunInteraction(members: Partial<Interaction> = {}): Interaction {
  return {
    id: "v1_abcd",
    root_id: "v1_abcd",
    status: "in_progress",
    model: "m",
    provider: "local",
    revision: "steps",
    store: true,
    background: false,
    created_at: 0,
    updated_at: 0,
    settings: {},
    input: [],
    output: [],
    ...members,
  };
}

import { MOST_ITEMS } from "../../../../schema/archive.ts";
import type { builder } from "../builder.ts";

type Fields = Parameters<Parameters<typeof builder.queryFields>[0]>[0];

/** The arguments by which every list is paged. */
export function pageArguments(t: Pick<Fields, "arg">) {
  return {
    first: t.arg.int({ description: `The first so many behind \`after\`: 50 unless told, ${MOST_ITEMS} at most.` }),
    after: t.arg({ type: "Cursor", description: "Go on behind this item." }),
    last: t.arg.int({ description: `The last so many before \`before\`, in the same order; ${MOST_ITEMS} at most.` }),
    before: t.arg({ type: "Cursor", description: "Stop before this item." }),
  };
}

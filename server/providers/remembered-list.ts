import type { ModelInfo } from "../../schema/core/model-info.ts";
import type { ProviderContext } from "./provider-context.ts";

/** Times are milliseconds. */
export type RememberedListOptions = {
  /** Asks for the list, and gives up after so long. */
  ask(patience: number): Promise<ModelInfo[]>;
  /** How long a list counts. */
  fresh: number;
  context: Pick<ProviderContext, "now">;
};

/** How long a failure to get a list counts. */
const FRESH_FAILURE = 5_000;

/** A list is short and made in advance: a server that takes longer is not there. */
const PATIENCE = 10_000;

/** One that was not there the last time is believed sooner: whoever looks for a model that others have waits for it too. */
const PATIENCE_AFTER_FAILURE = 1_000;

/** What an upstream lists, each name once for a kind; asked for again after a while, once for all who want to know. */
export function rememberedList({ ask, fresh, context }: RememberedListOptions): () => Promise<ModelInfo[]> {
  let list: Promise<ModelInfo[]> | undefined;
  let until = 0;
  let patience = PATIENCE;

  async function renew(): Promise<ModelInfo[]> {
    try {
      const infos = await ask(patience);
      patience = PATIENCE;
      return [...new Map(infos.map((info) => [`${info.kind} ${info.id}`, info])).values()];
    } catch (error) {
      patience = PATIENCE_AFTER_FAILURE;
      until = context.now() + FRESH_FAILURE;
      throw error;
    }
  }

  return () => {
    if (list === undefined || context.now() >= until) {
      until = context.now() + fresh;
      list = renew();
    }
    return list;
  };
}

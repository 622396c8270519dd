import type { Interaction } from "../core/interaction.ts";
import type { JsonObject } from "../core/json.ts";
import { encodeSettings } from "../interactions/encode-settings.ts";

type Asked = Pick<Interaction, "model" | "agent" | "previous_id" | "store" | "background" | "settings">;

/** What a request asked for, but for its input: in the words of REST's create, without the secrets that it carried. */
export function requestJson({ model, agent, previous_id, store, background, settings }: Asked): JsonObject {
  const { service_tier } = settings;
  return {
    ...(model === undefined ? {} : { model }),
    ...(agent === undefined ? {} : { agent }),
    ...(previous_id === undefined ? {} : { previous_interaction_id: previous_id }),
    store,
    background,
    ...(service_tier === undefined ? {} : { service_tier }),
    ...encodeSettings(settings, "steps"),
  };
}

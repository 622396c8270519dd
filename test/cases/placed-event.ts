import type { Event, ProviderEvent } from "../../schema/core/event.ts";

/** What a provider says, as the hub logs it: within the step of that index, under the provider's name. */
export function placedEvent(event: ProviderEvent, index: number, provider: string): Event {
  switch (event.type) {
    case "finish":
    case "degraded":
      return event;
    case "upstream":
      return { ...event, provider };
    default:
      return { ...event, index };
  }
}

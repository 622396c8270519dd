import { HubError } from "../../schema/core/error.ts";
import type { ProviderEvent } from "../../schema/core/event.ts";
import type { ModelCall, Provider } from "../../schema/provider.ts";

/** What a provider said until it failed, and how; throws if it did not, or for no cause that it could name. */
export async function failureOf(
  provider: Provider,
  call: ModelCall,
): Promise<{ events: ProviderEvent[]; error: HubError }> {
  const events: ProviderEvent[] = [];
  try {
    for await (const event of provider.run(call, new AbortController().signal)) events.push(event);
  } catch (error) {
    if (error instanceof HubError) return { events, error };
    throw error;
  }
  throw new Error("it did not fail");
}

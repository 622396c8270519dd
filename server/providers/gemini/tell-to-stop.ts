import type { ProviderContext } from "../provider-context.ts";
import type { UpstreamSettings } from "../upstream-settings.ts";
import type { Google } from "./google.ts";

export type TellToStopOptions = { google: Google; settings: UpstreamSettings; context: ProviderContext };

/** How long Google has to take note that a background run is to stop. */
const TIMEOUT = 10_000;

/** Tells Google that nobody wants an answer any more; whatever nobody waits for goes on there otherwise. Never throws. */
export async function tellToStop(id: string, { google, settings, context }: TellToStopOptions): Promise<void> {
  const late = new AbortController();
  const answered = new AbortController();
  context.sleep(TIMEOUT, answered.signal).then(
    () => late.abort(),
    () => {},
  );
  try {
    await google.cancel(id, late.signal);
  } catch (error) {
    context.warn("An upstream could not be told to stop.", { upstream: settings.name, err: error });
  } finally {
    answered.abort();
  }
}

import { HubError } from "../../../schema/core/error.ts";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import { isJsonObject } from "../../../schema/core/json.ts";
import { brokenOff } from "./finish.ts";
import { refusedIn } from "./refused.ts";
import type { AnswerReader } from "./response.ts";
import type { WireEvent } from "./wire.ts";

/** What a stream of Google's says, in batches; throws where it ends without an end. */
export async function* readStream(
  events: AsyncIterable<WireEvent>,
  reader: AnswerReader,
  upstream: string,
): AsyncGenerator<ProviderEvent[], void, void> {
  for await (const event of events) {
    const said = read(event, reader);
    if (said.length > 0) yield said;
    if (reader.finished) return;
  }
  const end = reader.end();
  if (end.length === 0) throw brokenOff(upstream);
  yield end;
}

function read(event: WireEvent, reader: AnswerReader): ProviderEvent[] {
  try {
    return reader.read(event);
  } catch (error) {
    throw error instanceof HubError && isJsonObject(event.error) ? refusedIn(event.error, error) : error;
  }
}

import { HubError } from "../../../schema/core/error.ts";
import { LARGEST_RECORD } from "../../read-event-stream.ts";
import { boundedText } from "../bounded-text.ts";

/** An answer that does not come as a stream. Throws a `HubError` where it is longer than one event of a stream may be. */
export async function wholeText(response: Response, upstream: string): Promise<string> {
  const text = await boundedText(response, LARGEST_RECORD);
  if (text !== undefined) return text;
  const message = `The upstream '${upstream}' sent an answer of more than ${LARGEST_RECORD} bytes in one piece.`;
  throw new HubError("upstream_error", message);
}

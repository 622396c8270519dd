import { HubError } from "../../../schema/core/error.ts";
import type { Interaction, Revision } from "../../../schema/core/interaction.ts";
import type { Hub } from "../../../schema/hub.ts";
import { encodeError } from "../../../schema/interactions/encode-error.ts";
import { createStreamEncoder, readAfter, streamEnd, wireRecord } from "../../../schema/interactions/encode-stream.ts";
import { errorForClient } from "../../../schema/interactions/error-for-client.ts";
import type { EventCursor } from "../../../schema/interactions/event-id.ts";
import type { OperationRequest, Reply } from "../../operation.ts";
import { revisionHeaders } from "./json-reply.ts";

/** Characters after which records are handed to the socket: a reader that stalls holds no more than this. */
const CHUNK = 16_384;

export type StreamOptions = {
  hub: Hub;
  request: OperationRequest;
  revision: Revision;
  interaction: Interaction;
  /** What the reader has already. */
  after?: EventCursor;
  bug: (error: unknown) => void;
};

/** The interaction's log as an event stream of one revision: what was, then what comes, then the terminator. */
export function streamReply(options: StreamOptions): Reply {
  return { kind: "event-stream", headers: revisionHeaders(options.revision), chunks: records(options) };
}

async function* records(options: StreamOptions): AsyncGenerator<string, void, void> {
  const { hub, request, revision, interaction, after } = options;
  const encode = createStreamEncoder(interaction, revision, after);
  let chunk = "";
  try {
    for await (const page of hub.follow(interaction.id, readAfter(revision, after), request.gone)) {
      for (const logged of page) {
        for (const event of encode(logged)) chunk += wireRecord(event);
        if (chunk.length < CHUNK) continue;
        yield chunk;
        chunk = "";
      }
      if (chunk !== "") yield chunk;
      chunk = "";
    }
  } catch (error) {
    if (!(error instanceof HubError)) options.bug(error);
    yield chunk + errorRecord(errorForClient(error));
  }
  yield streamEnd;
}

/** The log cannot go on: says so, and no end of the interaction is claimed. */
function errorRecord(error: HubError): string {
  const { body } = encodeError(error);
  return wireRecord({ event_type: "error", cursor: "", data: { ...body, event_type: "error" } });
}

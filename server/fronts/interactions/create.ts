import type { Interaction, Revision } from "../../../schema/core/interaction.ts";
import type { Begun, Hub } from "../../../schema/hub.ts";
import { decodeCreate } from "../../../schema/interactions/decode-create.ts";
import { encodeInteraction } from "../../../schema/interactions/encode-interaction.ts";
import { chooseRevision } from "../../../schema/interactions/revision.ts";
import type { OperationRequest, Reply } from "../../operation.ts";
import type { FrontOptions } from "./front-options.ts";
import { jsonReply, revisionHeaders } from "./json-reply.ts";
import { streamReply } from "./stream-reply.ts";

/** `POST …/interactions`: an interaction as JSON, as a stream, or, in the background, its beginning. */
export async function create({ hub, ...options }: FrontOptions, request: OperationRequest): Promise<Reply> {
  const body = await request.json();
  const revision = chooseRevision({ path: request.path, header: request.header, body, override: options.revision });
  const { request: wanted, stream } = decodeCreate(body, revision);
  const begun = await hub.begin(wanted, request.gone, request.callerKey());
  if (stream) {
    // A failure before the first event is a plain error; but a client must not wait for its headers for ever.
    if (!wanted.background)
      await refusalsForgotten(hub, begun, request, within(options.patience.stream, begun.started()));
    return streamReply({ hub, request, revision, interaction: begun.interaction, bug: options.bug });
  }
  if (wanted.background) return jsonReply(encodeInteraction(begun.interaction, revision, "create"), revision);
  return unary({ hub, ...options }, request, begun, revision);
}

async function unary(
  { hub, patience }: FrontOptions,
  request: OperationRequest,
  begun: Begun,
  revision: Revision,
): Promise<Reply> {
  const encode = (interaction: Interaction) => encodeInteraction(interaction, revision, "create");
  const outcome = begun.started().then(() => begun.ended());
  const ended = await refusalsForgotten(hub, begun, request, within(patience.unary, outcome));
  if (ended !== undefined) return jsonReply(encode(ended), revision);
  // Older clients give up after a minute without headers and send the same again, which would run the prompt twice.
  // What failed before its first event is known to have failed before its end is stored.
  const stored = outcome.catch(() => begun.ended()).catch(() => hub.read(begun.interaction.id));
  const late = stored.then(encode);
  return { kind: "late-json", headers: revisionHeaders(revision), body: late };
}

/**
 * Passes on the outcome. What fails before anything was answered is answered as an error, without an id, and clients may
 * send it again several times: it must not stay in the store, where nobody could find it. Unless it is the client that
 * has gone: then the run goes on.
 */
async function refusalsForgotten<T>(
  hub: Hub,
  { interaction }: Begun,
  { gone }: OperationRequest,
  outcome: Promise<T>,
): Promise<T> {
  try {
    return await outcome;
  } catch (error) {
    // Where this fails too, the client must still hear the first reason; the interaction has an end in any case.
    if (!gone.aborted && interaction.store) await hub.remove(interaction.id).catch(() => {});
    throw error;
  }
}

/** The promise's value, or `undefined` if it takes longer than so many milliseconds. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

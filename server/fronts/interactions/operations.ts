import { HubError } from "../../../schema/core/error.ts";
import { encodeInteraction } from "../../../schema/interactions/encode-interaction.ts";
import { decodeEventId, eventTag } from "../../../schema/interactions/event-id.ts";
import { chooseRevision } from "../../../schema/interactions/revision.ts";
import type { Operation, OperationRequest, Reply } from "../../operation.ts";
import { create } from "./create.ts";
import type { FrontOptions } from "./front-options.ts";
import { jsonReply } from "./json-reply.ts";
import { getModel, getPublisherModel, listModels, listPublisherModels } from "./models.ts";
import { streamReply } from "./stream-reply.ts";

/** Everything that the Interactions API and its list of models can be asked. */
export function interactionsOperations(options: FrontOptions): Operation[] {
  type Handle = (options: FrontOptions, request: OperationRequest) => Promise<Reply>;
  const operation = (handle: Handle, changes: boolean) => ({
    versioned: true,
    changes,
    handle: (request: OperationRequest) => handle(options, request),
  });
  const reads = (handle: Handle) => operation(handle, false);
  const changes = (handle: Handle) => operation(handle, true);
  return [
    { method: "POST", path: "/interactions", ...changes(create) },
    { method: "GET", path: "/interactions/:id", ...reads(get) },
    { method: "DELETE", path: "/interactions/:id", ...changes(remove) },
    { method: "POST", path: "/interactions/:id/cancel", ...changes(cancel) },
    { method: "POST", path: "/interactions/:id{[^/]+:cancel}", ...changes(cancel) },
    { method: "GET", path: "/models", ...reads(listModels) },
    { method: "GET", path: "/models/:id{.+}", ...reads(getModel) },
    { method: "GET", path: "/publishers/google/models", ...reads(listPublisherModels) },
    { method: "GET", path: "/publishers/google/models/:id{.+}", ...reads(getPublisherModel) },
  ];
}

async function get({ hub, revision: override, bug }: FrontOptions, request: OperationRequest): Promise<Reply> {
  const id = request.parameter("id");
  const head = await hub.head(id);
  const revision = chooseRevision({ path: request.path, header: request.header, stored: head.revision, override });
  const cursor = request.query("last_event_id");
  if (!flag(request, "stream")) {
    if (cursor !== undefined) throw invalid("last_event_id", "needs stream=true");
    const include_input = flag(request, "include_input");
    return jsonReply(encodeInteraction(await hub.read(id), revision, "read", { include_input }), revision);
  }
  if (cursor === undefined) return streamReply({ hub, request, revision, interaction: head, bug });
  const after = decodeEventId(eventTag(id), cursor);
  if (after === undefined || !(await hub.holds(id, after.sequence))) {
    throw invalid("last_event_id", "is not an event of this interaction");
  }
  return streamReply({ hub, request, revision, interaction: await hub.read(id), after, bug });
}

async function remove({ hub }: FrontOptions, request: OperationRequest): Promise<Reply> {
  await hub.remove(request.parameter("id"));
  return jsonReply({});
}

async function cancel({ hub, revision: override }: FrontOptions, request: OperationRequest): Promise<Reply> {
  const interaction = await hub.cancel(request.parameter("id").replace(/:cancel$/, ""));
  const revision = chooseRevision({
    path: request.path,
    header: request.header,
    stored: interaction.revision,
    override,
  });
  return jsonReply(encodeInteraction(interaction, revision, "read"), revision);
}

/** A boolean of the query; absent means false. */
function flag(request: OperationRequest, name: string): boolean {
  const value = request.query(name) ?? "false";
  if (value !== "true" && value !== "false") throw invalid(name, "must be true or false");
  return value === "true";
}

function invalid(field: string, problem: string): HubError {
  return new HubError("invalid_request", `The query parameter '${field}' ${problem}.`, { field });
}

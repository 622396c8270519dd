import { HubError } from "../../../schema/core/error.ts";
import type { ModelInfo } from "../../../schema/core/model-info.ts";
import type { Hub } from "../../../schema/hub.ts";
import { encodeModel } from "../../../schema/interactions/encode-model.ts";
import type { OperationRequest, Reply } from "../../operation.ts";
import type { FrontOptions } from "./front-options.ts";
import { jsonReply } from "./json-reply.ts";

/** The page size of the Gemini API's list of models, and its largest. */
const PAGE = 50;
const LARGEST_PAGE = 1000;

/** `GET …/models`: a page of the models, in the order of their upstreams. A page token is the place of the next model. */
export async function listModels({ hub }: FrontOptions, request: OperationRequest): Promise<Reply> {
  const size = wholeNumber(request, "pageSize", 1) ?? PAGE;
  const start = wholeNumber(request, "pageToken", 0) ?? 0;
  const models = await modelsOf(hub);
  const end = start + Math.min(size, LARGEST_PAGE);
  return jsonReply({
    models: models.slice(start, end).map(encodeModel),
    ...(end < models.length ? { nextPageToken: String(end) } : {}),
  });
}

/** `GET …/models/{id}`. */
export async function getModel({ hub }: FrontOptions, request: OperationRequest): Promise<Reply> {
  const id = request.parameter("id");
  const model = (await modelsOf(hub)).find((info) => info.id === id);
  if (model === undefined) throw new HubError("not_found", `The model '${id}' was not found.`);
  return jsonReply(encodeModel(model));
}

async function modelsOf(hub: Hub): Promise<ModelInfo[]> {
  return (await hub.models()).filter((info) => info.kind === "model");
}

function wholeNumber(request: OperationRequest, name: string, least: number): number | undefined {
  const text = request.query(name);
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new HubError("invalid_request", `The query parameter '${name}' must be a whole number from ${least}.`, {
    field: name,
  });
}

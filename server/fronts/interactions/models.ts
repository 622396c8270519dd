import { HubError } from "../../../schema/core/error.ts";
import type { ModelInfo } from "../../../schema/core/model-info.ts";
import { shortened } from "../../../schema/core/shortened.ts";
import type { Hub } from "../../../schema/hub.ts";
import { encodeModel, encodePublisherModel } from "../../../schema/interactions/encode-model.ts";
import type { OperationRequest, Reply } from "../../operation.ts";
import type { FrontOptions } from "./front-options.ts";
import { jsonReply } from "./json-reply.ts";

/** The page size of the Gemini API's list of models, and its largest. */
const PAGE = 50;
const LARGEST_PAGE = 1000;

/** `GET …/models`: a page of the models, in the order of their upstreams. A page token is the place of the next model. */
export async function listModels(options: FrontOptions, request: OperationRequest): Promise<Reply> {
  const { page, next } = await pageOf(options, request);
  return jsonReply({ models: page.map(encodeModel), ...next });
}

/** `GET …/models/{id}`. */
export async function getModel(options: FrontOptions, request: OperationRequest): Promise<Reply> {
  return jsonReply(encodeModel(await modelOf(options, request)));
}

/** `GET …/publishers/google/models`: the same list, as clients in Vertex mode ask for it and read it. */
export async function listPublisherModels(options: FrontOptions, request: OperationRequest): Promise<Reply> {
  const { page, next } = await pageOf(options, request);
  return jsonReply({ publisherModels: page.map(encodePublisherModel), ...next });
}

/** `GET …/publishers/google/models/{id}`. */
export async function getPublisherModel(options: FrontOptions, request: OperationRequest): Promise<Reply> {
  return jsonReply(encodePublisherModel(await modelOf(options, request)));
}

async function pageOf(
  { hub }: FrontOptions,
  request: OperationRequest,
): Promise<{ page: ModelInfo[]; next: { nextPageToken?: string } }> {
  const size = wholeNumber(request, "pageSize", 1) ?? PAGE;
  const start = wholeNumber(request, "pageToken", 0) ?? 0;
  const models = await modelsOf(hub);
  const end = start + Math.min(size, LARGEST_PAGE);
  return { page: models.slice(start, end), next: end < models.length ? { nextPageToken: String(end) } : {} };
}

async function modelOf({ hub }: FrontOptions, request: OperationRequest): Promise<ModelInfo> {
  const id = request.parameter("id");
  const model = (await modelsOf(hub)).find((info) => info.id === id);
  if (model === undefined) throw new HubError("not_found", `The model '${shortened(id)}' was not found.`);
  return model;
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

import { z } from "zod";
import { named, optional, required } from "./disposition.ts";

/** A model or agent in the form of Gemini's list, which is camelCase. */
export const Model = named(
  "Model",
  "sent",
  "A model (`models/…`) or an agent (`agents/…`) of some upstream.",
  z.looseObject({
    name: required(z.string(), "sent"),
    baseModelId: optional(z.string(), "sent"),
    version: optional(z.string(), "sent: when the upstream tells"),
    displayName: optional(z.string(), "sent"),
    description: optional(z.string(), "sent: when the upstream tells"),
    inputTokenLimit: optional(z.int(), "sent: when the upstream tells"),
    outputTokenLimit: optional(z.int(), "sent: when the upstream tells"),
    supportedGenerationMethods: optional(z.array(z.string()), "sent: `createInteraction`"),
    thinking: optional(z.boolean(), "sent: when the upstream tells"),
  }),
);

/** A page of the list of models. */
export const ModelList = named(
  "ModelList",
  "sent",
  "A page of the models and agents of every upstream.",
  z.looseObject({
    models: required(z.array(Model), "sent"),
    nextPageToken: optional(z.string(), "sent: while there are more"),
  }),
);

/** A model in the form of Vertex's list. */
export const PublisherModel = named(
  "PublisherModel",
  "sent",
  "A model (`publishers/google/models/…`) of some upstream, as clients in Vertex mode read it.",
  z.looseObject({
    name: required(z.string(), "sent"),
    versionId: optional(z.string(), "sent: when the upstream tells"),
    displayName: optional(z.string(), "sent"),
    description: optional(z.string(), "sent: when the upstream tells"),
  }),
);

/** A page of Vertex's list of models. */
export const PublisherModelList = named(
  "PublisherModelList",
  "sent",
  "A page of the models of every upstream, as clients in Vertex mode read it.",
  z.looseObject({
    publisherModels: required(z.array(PublisherModel), "sent"),
    nextPageToken: optional(z.string(), "sent: while there are more"),
  }),
);

import { errorCodes } from "../core/error.ts";
import type { JsonObject } from "../core/json.ts";
import { errorStatus, errorWireCode } from "./encode-error.ts";
import { schemaRef } from "./openapi-components.ts";

const REVISION_HEADER = "Api-Revision";

/** The parameters that more than one operation has. */
export const openApiParameters: JsonObject = {
  version: {
    name: "version",
    in: "path",
    required: true,
    description: "All are the same, but `v1` never had the legacy revision.",
    schema: { type: "string", enum: ["v1", "v1beta", "v1alpha", "v1beta1"] },
  },
  id: {
    name: "id",
    in: "path",
    required: true,
    description: "The id that the interaction got.",
    schema: { type: "string" },
  },
  model: { name: "model", in: "path", required: true, schema: { type: "string" } },
  project: { name: "project", in: "path", required: true, description: "Any.", schema: { type: "string" } },
  location: { name: "location", in: "path", required: true, description: "Any.", schema: { type: "string" } },
  revision: {
    name: REVISION_HEADER,
    in: "header",
    description:
      "The wire revision as the date that introduced it: before 2026-05-20 means legacy. Without it the path, the client's " +
      "name, the body and the stored interaction tell; what tells nothing is answered in steps.",
    schema: { type: "string", format: "date" },
  },
};

/** The answers of failures by their status: `Error400` and so on, with the wire's codes that each status can have. */
export function openApiErrors(): JsonObject {
  const byStatus = new Map<number, Set<string>>();
  for (const code of errorCodes) {
    const codes = byStatus.get(errorStatus(code)) ?? new Set();
    byStatus.set(errorStatus(code), codes.add(errorWireCode(code)));
  }
  const answers = [...byStatus].map(([status, codes]) => {
    const description = `Refused or failed: ${[...codes].map((code) => `\`${code}\``).join(", ")}.`;
    return [`Error${status}`, { description, content: json(schemaRef("ErrorResponse")) }];
  });
  return Object.fromEntries(answers);
}

/** Every operation below a version, by its path. */
export function openApiPaths(): JsonObject {
  return {
    "/{version}/interactions": { parameters: parameters("version", "revision"), post: create() },
    "/{version}/interactions/{id}": {
      parameters: parameters("version", "id", "revision"),
      get: read(),
      delete: {
        operationId: "deleteInteraction",
        summary: "Forgets an interaction; one that runs is stopped first.",
        responses: { 200: { description: "Gone.", content: json({ type: "object" }) }, ...errors(404) },
      },
    },
    "/{version}/interactions/{id}/cancel": {
      parameters: parameters("version", "id", "revision"),
      post: cancel("cancelInteraction"),
    },
    "/{version}/interactions/{id}:cancel": {
      parameters: parameters("version", "id", "revision"),
      post: cancel("cancelInteractionByVerb"),
    },
    "/{version}/models": { parameters: parameters("version"), get: listModels("listModels", "ModelList") },
    "/{version}/models/{model}": { parameters: parameters("version", "model"), get: getModel("getModel", "Model") },
    "/{version}/publishers/google/models": {
      parameters: parameters("version"),
      get: listModels("listPublisherModels", "PublisherModelList"),
    },
    "/{version}/publishers/google/models/{model}": {
      parameters: parameters("version", "model"),
      get: getModel("getPublisherModel", "PublisherModel"),
    },
  };
}

/** What has no version. */
export function openApiSystemPaths(): JsonObject {
  return {
    "/healthz": {
      get: {
        operationId: "health",
        summary: "Whether the server can work.",
        security: [],
        responses: { 200: { description: "It can.", content: json({ type: "object" }) }, ...errors(503) },
      },
    },
    "/openapi.json": {
      get: {
        operationId: "openApi",
        summary: "This document.",
        security: [],
        responses: { 200: { description: "The document.", content: json({ type: "object" }) } },
      },
    },
  };
}

function create(): JsonObject {
  return {
    operationId: "createInteraction",
    summary: "Says something to a model or an agent.",
    description:
      "Answers with the finished interaction; with `stream: true` by a stream of what comes; with `background: true` at " +
      "once, while the run goes on. The forms of both revisions are read whatever the answer's revision.",
    requestBody: {
      required: true,
      content: json(either("CreateInteraction", "LegacyCreateInteraction")),
    },
    responses: { 200: interactionOrStream(), ...errors(400, 404, 413, 429, 499, 500, 502, 503, 504) },
  };
}

function read(): JsonObject {
  return {
    operationId: "getInteraction",
    summary: "Reads an interaction, or follows it.",
    parameters: [
      query(
        "stream",
        "boolean",
        "Answer by a stream: what was, from the start or behind `last_event_id`, then what comes.",
      ),
      query("last_event_id", "string", "With `stream`: the `event_id` of the last event that was received."),
      query("include_input", "boolean", "Legacy revision: give the `input` too. The steps revision always does."),
    ],
    responses: { 200: interactionOrStream(), ...errors(400, 404) },
  };
}

function cancel(operationId: string): JsonObject {
  return {
    operationId,
    summary: "Stops a background interaction that runs. The body is empty.",
    responses: {
      200: {
        description: "The interaction as it ended.",
        content: json(either("Interaction", "LegacyInteraction")),
      },
      ...errors(400, 404),
    },
  };
}

function getModel(operationId: string, schema: Parameters<typeof schemaRef>[0]): JsonObject {
  return {
    operationId,
    summary: "One model.",
    responses: { 200: { description: "The model.", content: json(schemaRef(schema)) }, ...errors(404) },
  };
}

function listModels(operationId: string, schema: Parameters<typeof schemaRef>[0]): JsonObject {
  return {
    operationId,
    summary: "The models of every upstream.",
    parameters: [
      {
        name: "pageSize",
        in: "query",
        schema: { type: "integer", minimum: 1, maximum: 1000, default: 50 },
      },
      query("pageToken", "string", "The `nextPageToken` of the page before."),
    ],
    responses: { 200: { description: "A page.", content: json(schemaRef(schema)) }, ...errors(400) },
  };
}

function interactionOrStream(): JsonObject {
  return {
    description: "The interaction, or its events, in the revision that the header of the answer names.",
    headers: { [REVISION_HEADER]: { schema: { type: "string", format: "date" } } },
    content: {
      ...json(either("Interaction", "LegacyInteraction")),
      "text/event-stream": {
        schema: {
          ...either("InteractionEvent", "LegacyInteractionEvent"),
          description:
            "Records of `event: <event_type>` and `data: <one line of JSON>`, each ended by an empty line. The last record " +
            "is `event: done` with `data: [DONE]`. Lines that begin with a colon only keep the connection open.",
        },
      },
    },
  };
}

function either(steps: Parameters<typeof schemaRef>[0], legacy: Parameters<typeof schemaRef>[0]): JsonObject {
  // Not oneOf: what both revisions have in common is valid in both.
  return { anyOf: [schemaRef(steps), schemaRef(legacy)] };
}

function query(name: string, type: string, description: string): JsonObject {
  return { name, in: "query", description, schema: { type } };
}

function parameters(...names: string[]): JsonObject[] {
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

function errors(...statuses: number[]): JsonObject {
  const every = [...new Set([...statuses, 401, 403, 429, 500])].sort((a, b) => a - b);
  return Object.fromEntries(every.map((status) => [status, { $ref: `#/components/responses/Error${status}` }]));
}

function json(schema: JsonObject): JsonObject {
  return { "application/json": { schema } };
}

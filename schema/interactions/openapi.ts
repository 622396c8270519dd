import type { JsonObject } from "../core/json.ts";
import { openApiSchemas } from "./openapi-components.ts";
import { openApiErrors, openApiParameters, openApiPaths, openApiSystemPaths } from "./openapi-operations.ts";
import { projectPaths } from "./openapi-projects.ts";

/** The whole HTTP contract in both revisions, as an OpenAPI 3.1 document; its version is the newest wire revision. */
export function openApiDocument(): JsonObject {
  const versioned = openApiPaths();
  return {
    openapi: "3.1.0",
    info: {
      title: "Interactions Hub",
      version: "2026-05-20",
      description:
        "Google's Interactions API in both of its wire revisions: `steps`, and `legacy` with outputs and turns. `x-hub` says " +
        "what the hub does with a member. An upstream that cannot honour a member refuses it with a 400 that names it.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{ header_key: [] }, { query_key: [] }, { bearer: [] }, {}],
    paths: { ...versioned, ...projectPaths(versioned), ...openApiSystemPaths() },
    components: {
      schemas: openApiSchemas(),
      parameters: openApiParameters,
      responses: openApiErrors(),
      securitySchemes: {
        header_key: { type: "apiKey", in: "header", name: "x-goog-api-key" },
        query_key: { type: "apiKey", in: "query", name: "key" },
        bearer: { type: "http", scheme: "bearer" },
      },
    },
  };
}

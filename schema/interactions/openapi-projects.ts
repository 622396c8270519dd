import type { JsonObject } from "../core/json.ts";

const VERSION = "/{version}";
const PROJECT = "/projects/{project}/locations/{location}";

/**
 * The same operations as official clients ask for them in Vertex mode, below a project and a location. The hub takes any
 * project and location and tells none from another.
 */
export function projectPaths(paths: JsonObject): JsonObject {
  const versioned = Object.entries(paths).filter(([path]) => path.startsWith(VERSION));
  return Object.fromEntries(
    versioned.map(([path, item]) => [VERSION + PROJECT + path.slice(VERSION.length), inProject(item as JsonObject)]),
  );
}

function inProject({ parameters, ...operations }: JsonObject): JsonObject {
  const [version, ...others] = parameters as JsonObject[];
  const project = [reference("project"), reference("location")];
  const renamed = Object.entries(operations).map(([method, operation]) => {
    const { operationId, ...members } = operation as JsonObject;
    return [method, { operationId: `${operationId}InProject`, ...members }];
  });
  return { parameters: [version ?? reference("version"), ...project, ...others], ...Object.fromEntries(renamed) };
}

function reference(parameter: string): JsonObject {
  return { $ref: `#/components/parameters/${parameter}` };
}

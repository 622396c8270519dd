import type { JsonObject, JsonValue } from "../core/json.ts";
import { Tool } from "../core/tool.ts";
import { decodeOptions } from "./decode-options.ts";
import { arrayAt, arrayMember, objectAt, objectMember, ownMember, stringMember, withoutNulls } from "./members.ts";
import { missingMember, unknownParameter, unsupportedType } from "./refusals.ts";

const toolTypes: readonly string[] = Tool.options.map((option) => option.shape.type.value);
const declarationMembers = new Set(["function_declarations"]);

/**
 * The tools of a request. Besides the wire's own forms it reads three that real clients send: the legacy name
 * `excludedPredefinedFunctions` (all SDKs 1.x), and, from the OGX project's test suite, `{ function_declarations: […] }`
 * and `{ type: "function", function: { … } }`.
 */
export function decodeTools(wire: JsonValue, path: string): Tool[] {
  return arrayAt(wire, path).flatMap((item, index) =>
    decodeEntry(objectAt(item, `${path}[${index}]`), `${path}[${index}]`),
  );
}

function decodeEntry(object: JsonObject, path: string): Tool[] {
  const type = stringMember(object, "type", path);
  if (type === undefined) return decodeDeclarations(object, path);
  if (!toolTypes.includes(type)) throw unsupportedType(type, path, toolTypes);
  if (type === "function" && ownMember(object, "function") !== undefined) return [decodeNested(object, path)];
  return [decodeTool(type === "computer_use" ? withSnakeCase(object) : object, path)];
}

function decodeDeclarations(object: JsonObject, path: string): Tool[] {
  const declarations = arrayMember(object, "function_declarations", path);
  if (declarations === undefined) throw missingMember("type", path);
  for (const name in object) {
    if (!declarationMembers.has(name)) throw unknownParameter(name, path, declarationMembers);
  }
  return declarations.map((item, index) => {
    const place = `${path}.function_declarations[${index}]`;
    return decodeTool({ ...objectAt(item, place), type: "function" }, place);
  });
}

function decodeNested(object: JsonObject, path: string): Tool {
  for (const name in object) {
    if (name !== "type" && name !== "function") throw unknownParameter(name, path, ["type", "function"]);
  }
  return decodeTool({ ...objectMember(object, "function", path), type: "function" }, `${path}.function`);
}

function decodeTool(object: JsonObject, path: string): Tool {
  return decodeOptions(Tool, withoutNulls(object), path);
}

function withSnakeCase(object: JsonObject): JsonObject {
  const { excludedPredefinedFunctions: excluded, ...rest } = object;
  return excluded === undefined ? object : { excluded_predefined_functions: excluded, ...rest };
}

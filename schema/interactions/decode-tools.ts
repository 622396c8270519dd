import type { JsonObject, JsonValue } from "../core/json.ts";
import { Tool } from "../core/tool.ts";
import { decodeUnlessUnknown } from "./decode-options.ts";
import { keepUnknown, type Unknown } from "./keep-unknown.ts";
import { arrayAt, arrayMember, objectAt, objectMember, ownMember, stringMember, withoutNulls } from "./members.ts";
import { missingMember, unknownParameter, unsupportedType } from "./refusals.ts";

/** Those of the wire: `other` is the hub's own word for what it does not know. */
const toolTypes: readonly string[] = Tool.options.map((option) => option.shape.type.value).filter(isOfWire);
const declarationMembers = new Set(["function_declarations"]);

/**
 * The tools of a request. Besides the wire's own forms it reads three that real clients send: the legacy name
 * `excludedPredefinedFunctions` (all SDKs 1.x), and, from the OGX project's test suite, `{ function_declarations: […] }`
 * and `{ type: "function", function: { … } }`. A tool that the hub does not know, or not with all its members, is kept
 * whole.
 */
export function decodeTools(wire: JsonValue, path: string, unknown: Unknown): Tool[] {
  return arrayAt(wire, path).flatMap((item, index) =>
    decodeEntry(objectAt(item, `${path}[${index}]`), `${path}[${index}]`, unknown),
  );
}

function isOfWire(type: Tool["type"]): boolean {
  return type !== "other";
}

function decodeEntry(object: JsonObject, path: string, unknown: Unknown): Tool[] {
  const type = stringMember(object, "type", path);
  if (type === undefined) return decodeDeclarations(object, path, unknown);
  if (!toolTypes.includes(type)) {
    keepUnknown(unsupportedType(type, path, toolTypes), unknown);
    return [{ type: "other", raw: object }];
  }
  if (type === "function" && ownMember(object, "function") !== undefined) return [decodeNested(object, path, unknown)];
  return [decodeTool(type === "computer_use" ? withSnakeCase(object) : object, path, unknown)];
}

function decodeDeclarations(object: JsonObject, path: string, unknown: Unknown): Tool[] {
  const declarations = arrayMember(object, "function_declarations", path);
  if (declarations === undefined) throw missingMember("type", path);
  for (const name in object) {
    if (!declarationMembers.has(name)) throw unknownParameter(name, path, declarationMembers);
  }
  return declarations.map((item, index) => {
    const place = `${path}.function_declarations[${index}]`;
    return decodeTool({ ...objectAt(item, place), type: "function" }, place, unknown);
  });
}

function decodeNested(object: JsonObject, path: string, unknown: Unknown): Tool {
  for (const name in object) {
    if (name !== "type" && name !== "function") throw unknownParameter(name, path, ["type", "function"]);
  }
  return decodeTool({ ...objectMember(object, "function", path), type: "function" }, `${path}.function`, unknown);
}

function decodeTool(object: JsonObject, path: string, unknown: Unknown): Tool {
  const raw = withoutNulls(object);
  return decodeUnlessUnknown(Tool, raw, path, unknown) ?? { type: "other", raw };
}

function withSnakeCase(object: JsonObject): JsonObject {
  const { excludedPredefinedFunctions: excluded, ...rest } = object;
  return excluded === undefined ? object : { excluded_predefined_functions: excluded, ...rest };
}

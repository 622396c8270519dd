import { isJsonObject } from "../core/json.ts";
import { ownMember } from "./members.ts";
import { missingMember } from "./refusals.ts";

/**
 * Refuses a function's call without a name and a function's result without a result. A step that the hub wrote may lack
 * them, because it was cut, so `decodeStep` reads it; a request that says it must be whole.
 */
export function requireSaid(wire: unknown, path: string): void {
  if (!isJsonObject(wire)) return;
  if (wire.type === "function_call" && (ownMember(wire, "name") ?? "") === "") throw missingMember("name", path);
  const isResult = wire.type === "function_result" || wire.type === "function_response";
  const result = ownMember(wire, "result") ?? (wire.type === "function_response" ? wire.response : undefined);
  if (isResult && (result ?? undefined) === undefined) throw missingMember("result", path);
}

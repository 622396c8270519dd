import { HubError } from "../../schema/core/error.ts";
import type { JsonObject } from "../../schema/core/json.ts";
import { decodeCreate } from "../../schema/interactions/decode-create.ts";

/**
 * Why a create with these members is no valid request, at least for an upstream that takes nothing the hub does not know;
 * throws when it is one.
 */
export function refusalOfCreate(body: JsonObject): { field: string | undefined; message: string } {
  try {
    const { request } = decodeCreate({ model: "m", input: "hi", ...body }, "steps");
    const [first] = request.unknown ?? [];
    if (first !== undefined) return first;
  } catch (error) {
    if (!(error instanceof HubError) || error.code !== "invalid_request") throw error;
    return { field: error.field, message: error.message };
  }
  throw new Error("it was not refused");
}

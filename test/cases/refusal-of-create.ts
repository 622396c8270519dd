import { HubError } from "../../schema/core/error.ts";
import type { JsonObject } from "../../schema/core/json.ts";
import { decodeCreate } from "../../schema/interactions/decode-create.ts";

/** Why a create with these members is no valid request; throws when it is one. */
export function refusalOfCreate(body: JsonObject): { field: string | undefined; message: string } {
  try {
    decodeCreate({ model: "m", input: "hi", ...body }, "steps");
  } catch (error) {
    if (!(error instanceof HubError) || error.code !== "invalid_request") throw error;
    return { field: error.field, message: error.message };
  }
  throw new Error("it was not refused");
}

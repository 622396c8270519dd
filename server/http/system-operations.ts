import type { JsonValue } from "../../schema/core/json.ts";
import type { Operation, Reply } from "../operation.ts";

const ok = (body: JsonValue): Reply => ({ kind: "json", status: 200, headers: {}, body });

/** What a server tells of itself: whether it lives, and what it can be asked. */
export function systemOperations(options: { load: () => JsonValue; openApi: () => Promise<JsonValue> }): Operation[] {
  return [
    {
      method: "GET",
      path: "/healthz",
      versioned: false,
      changes: false,
      handle: async () => ok({ status: "ok", load: options.load() }),
    },
    {
      method: "GET",
      path: "/openapi.json",
      versioned: false,
      changes: false,
      handle: async () => ok(await options.openApi()),
    },
  ];
}

import { isJsonObject } from "../../../schema/core/json.ts";
import type { Read, Upgrade } from "../../operation.ts";
import type { Caller } from "./context.ts";
import { addressOf } from "./http-handler.ts";

/**
 * Who speaks over a socket: by the headers and the query of the request that it began as, or by what the client says when
 * it begins, since browsers cannot send headers. Throws where there is no valid key.
 */
export function identifySocket(upgrade: Upgrade, said: Readonly<Record<string, unknown>>, gone: AbortSignal): Caller {
  const { incoming, requestId } = upgrade;
  const named = new Map<string, string>();
  // Some clients hand on the headers of their other requests as they are.
  for (const members of [isJsonObject(said.headers) ? said.headers : {}, said]) {
    for (const [name, value] of Object.entries(members)) {
      if (typeof value === "string") named.set(name.toLowerCase(), value);
    }
  }
  const search = new URLSearchParams((incoming.url ?? "").split("?")[1]);
  const header: Read = (name) => named.get(name) ?? plain(incoming.headers[name]);
  const query: Read = (name) => named.get(name) ?? search.get(name) ?? undefined;
  const { rights, callerKey } = upgrade.identify(header, query);
  return { readOnly: rights.readOnly, address: addressOf(incoming), requestId, callerKey: () => callerKey, gone };
}

function plain(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(", ") : value;
}

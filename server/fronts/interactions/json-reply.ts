import type { Revision } from "../../../schema/core/interaction.ts";
import type { JsonValue } from "../../../schema/core/json.ts";
import { encodeError } from "../../../schema/interactions/encode-error.ts";
import { errorForClient } from "../../../schema/interactions/error-for-client.ts";
import type { ErrorReply, Headers, Reply } from "../../operation.ts";

/** The date that names each revision on the wire. */
const revisionDates = { legacy: "2026-05-07", steps: "2026-05-20" } as const satisfies Record<Revision, string>;

/** Tells clients and caches which revision was answered and what it depends on. */
export function revisionHeaders(revision: Revision): Headers {
  return { "api-revision": revisionDates[revision], vary: "Api-Revision, X-Goog-Api-Client, User-Agent" };
}

/** Success is always 200: official clients refuse every other status. */
export function jsonReply(body: JsonValue, revision?: Revision): Reply {
  return { kind: "json", status: 200, headers: revision === undefined ? {} : revisionHeaders(revision), body };
}

/** Any error as this front says it; what is no `HubError` tells nothing. */
export const errorReply: ErrorReply = (error) => encodeError(errorForClient(error));

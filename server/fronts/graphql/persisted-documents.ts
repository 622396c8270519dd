import { GraphQLError } from "graphql";
import { isJsonObject } from "../../../schema/core/json.ts";

/** What a client sends to have an operation run. */
export type GraphqlParams = {
  query?: string | undefined;
  documentId?: unknown;
  operationName?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
  extensions?: Record<string, unknown> | null | undefined;
};

/** Finds the document of a request. Throws an error that a client may see. */
export type DocumentOf = (params: GraphqlParams) => string;

/** Finds documents among those that are known, and takes others only where that is allowed. */
export function documentFinder(known: ReadonlyMap<string, string>, only: boolean): DocumentOf {
  const texts = new Set(known.values());
  return (params) => {
    const id = idOf(params);
    const { query } = params;
    const document = id === undefined ? undefined : known.get(id);
    if (document !== undefined) return document;
    if (query === undefined && id !== undefined) throw refusal("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND");
    if (query === undefined) throw refusal("Must provide query string.", "BAD_REQUEST");
    if (only && !texts.has(query)) {
      throw refusal("Only documents that this server knows are answered.", "PERSISTED_DOCUMENTS_ONLY");
    }
    return query;
  };
}

/** The id of a document, as the specification of GraphQL over HTTP has it, or Apollo's clients. */
function idOf({ documentId, extensions }: GraphqlParams): string | undefined {
  if (typeof documentId === "string") return documentId;
  const query = extensions?.persistedQuery;
  return isJsonObject(query) && typeof query.sha256Hash === "string" ? query.sha256Hash : undefined;
}

function refusal(message: string, code: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { spec: true, status: 400 } } });
}

import { GraphQLError, type GraphQLErrorOptions } from "graphql";

/** What a document and an operation may be at most. */
export type Limits = {
  /** Words and signs of a document. */
  tokens: number;
  /** Fields within each other. */
  depth: number;
  /** Aliases in a document. */
  aliases: number;
  /** Objects that an operation may ask for. */
  cost: number;
};

/** A refusal because of a limit. It says which setting it is, so that an operator knows what to change. */
export function overLimit(limit: keyof Limits, message: string, options: GraphQLErrorOptions = {}): GraphQLError {
  return new GraphQLError(`${message} (graphql.${limit})`, {
    ...options,
    extensions: { code: `GRAPHQL_${limit.toUpperCase()}_LIMIT`, http: { spec: true, status: 400 } },
  });
}

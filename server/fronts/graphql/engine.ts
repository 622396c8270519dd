import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  visit,
} from "graphql";
import { createYoga, type YogaServerInstance } from "graphql-yoga";
import { createBoundedCache } from "./bounded-cache.ts";
import { clientError } from "./client-error.ts";
import type { Caller, GraphqlContext } from "./context.ts";
import { renderGraphiql } from "./graphiql.ts";
import type { GraphqlOptions } from "./graphql-options.ts";
import { costRefusal } from "./limits/cost.ts";
import { createLoaders } from "./loaders.ts";
import { documentFinder, type GraphqlParams } from "./persisted-documents.ts";
import { schema } from "./schema.ts";
import { yogaPlugins } from "./yoga-plugins.ts";

/** A document that was read and checked. */
export type Prepared = { text: string; document: DocumentNode; incremental: boolean };

/** One operation of a document, ready to run with its variables. */
export type Operation = Prepared & { operation: OperationDefinitionNode; params: GraphqlParams };

/** Runs operations, whichever protocol they came by. */
export type Engine = {
  schema: GraphQLSchema;
  /** Everything of HTTP that is not answered faster elsewhere. */
  yoga: YogaServerInstance<GraphqlContext, object>;
  contextFor(caller: Caller): GraphqlContext;
  /** Finds, reads and checks what a client wants to have run; errors are for the client as they are. */
  prepare(params: GraphqlParams): Operation | { errors: readonly GraphQLError[] };
  /** Why an operation is too much to ask for, if it is. */
  refuse(operation: Operation): GraphQLError | undefined;
  /** Runs a query or a mutation. Errors in the result are for the client. */
  run(operation: Operation, context: GraphqlContext): Promise<ExecutionResult> | ExecutionResult;
  /** The error of anything that went wrong, as the client may see it. */
  explain(error: unknown, caller: Pick<Caller, "requestId">): GraphQLError;
};

export function createEngine(options: GraphqlOptions): Engine {
  const documentOf = documentFinder(options.documents, options.documentsOnly);
  const prepared = createBoundedCache<Prepared>();
  const explain: Engine["explain"] = (error, { requestId }) => clientError(error, requestId, options.bug);
  const refuse = (document: DocumentNode, operation: OperationDefinitionNode, variables: GraphqlParams["variables"]) =>
    costRefusal(schema, document, operation, variables ?? {}, options.limits);

  const yoga = createYoga<GraphqlContext>({
    schema,
    graphqlEndpoint: "/graphql",
    landingPage: false,
    cors: false,
    logging: false,
    batching: false,
    multipart: false,
    // The body has been bounded before it comes here.
    maxRequestBodySize: false,
    extraParamNames: ["documentId"],
    parserAndValidationCache: { documentCache: createBoundedCache(), errorCache: createBoundedCache() },
    maskedErrors: { maskError: (error) => clientError(error, undefined, options.bug) },
    ...renderGraphiql(options.graphiql),
    plugins: yogaPlugins({ documentOf, refuse, explain, ...options }),
  });

  function read(text: string): Prepared | { errors: readonly GraphQLError[] } {
    const known = prepared.get(text);
    if (known !== undefined) return known;
    const { parse, validate } = yoga.getEnveloped({});
    try {
      const document: DocumentNode = parse(text);
      const errors: readonly GraphQLError[] = validate(schema, document);
      if (errors.length > 0) return { errors };
      const entry = { text, document, incremental: isIncremental(document) };
      prepared.set(text, entry);
      return entry;
    } catch (error) {
      return { errors: [explain(error, { requestId: "" })] };
    }
  }

  return {
    schema,
    yoga,
    explain,
    contextFor: (caller) => ({ sources: options, caller, loaders: createLoaders(options.archive) }),
    prepare(params) {
      let text: string;
      try {
        text = documentOf(params);
      } catch (error) {
        return { errors: [explain(error, { requestId: "" })] };
      }
      const entry = read(text);
      if ("errors" in entry) return entry;
      const operation = getOperationAST(entry.document, params.operationName);
      if (operation) return { ...entry, operation, params };
      return { errors: [new GraphQLError("Could not determine what operation to execute.")] };
    },
    refuse: ({ document, operation, params }) => refuse(document, operation, params.variables),
    run({ document, operation, params }, context) {
      const refused = refuse(document, operation, params.variables);
      if (refused !== undefined) return { errors: [refused] };
      const result = execute({
        schema,
        document,
        operationName: params.operationName ?? null,
        variableValues: params.variables ?? null,
        contextValue: context,
      });
      const shown = (done: ExecutionResult) => withShownErrors(done, (error) => explain(error, context.caller));
      return result instanceof Promise ? result.then(shown) : shown(result);
    },
  };
}

/** The result with its errors as the client may see them. */
export function withShownErrors(
  result: ExecutionResult,
  explain: (error: GraphQLError) => GraphQLError,
): ExecutionResult {
  return result.errors === undefined ? result : { ...result, errors: result.errors.map(explain) };
}

/** Whether some of the answer may come later: then it is more than one result. */
function isIncremental(document: DocumentNode): boolean {
  let incremental = false;
  visit(document, {
    [Kind.DIRECTIVE](node) {
      incremental ||= node.name.value === "defer" || node.name.value === "stream";
    },
  });
  return incremental;
}

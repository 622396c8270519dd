import { useDeferStream } from "@graphql-yoga/plugin-defer-stream";
import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  OverlappingFieldsCanBeMergedRule,
  type ParseOptions,
  parse,
  type Source,
  type ValidationRule,
} from "graphql";
import type { Plugin } from "graphql-yoga";
import type { GraphqlContext } from "./context.ts";
import { type Limits, overLimit } from "./limits/limits.ts";
import { aliasRule, depthRule } from "./limits/shape-rules.ts";
import type { DocumentOf, GraphqlParams } from "./persisted-documents.ts";

export type PluginOptions = {
  limits: Limits;
  introspection: boolean;
  documentOf: DocumentOf;
  refuse(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: GraphqlParams["variables"],
  ): GraphQLError | undefined;
  explain(error: unknown, caller: { requestId: string }): GraphQLError;
};

/** What is the hub's own in how Yoga answers: documents by id, limits, and what errors tell. */
export function yogaPlugins(options: PluginOptions): Plugin<GraphqlContext>[] {
  return [useDeferStream(), documents(options), rules(options), results(options)] as Plugin<GraphqlContext>[];
}

function documents({ documentOf }: PluginOptions): Plugin {
  return {
    onParams({ request, params, setParams }) {
      // What is no object is refused by Yoga itself.
      if (typeof params !== "object" || params === null || Array.isArray(params)) return;
      if (params.query !== undefined && typeof params.query !== "string") return;
      const asked: GraphqlParams = params;
      // Of a URL Yoga reads what it knows, and it does not know ids.
      const named =
        request.method === "GET" ? (new URL(request.url).searchParams.get("documentId") ?? undefined) : undefined;
      setParams({ ...params, query: documentOf(named === undefined ? asked : { ...asked, documentId: named }) });
    },
  };
}

function rules({ limits, introspection }: PluginOptions): Plugin {
  const added = [depthRule(limits), aliasRule(limits), ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])];
  return {
    onParse: ({ setParseFn }) => setParseFn(createParser(limits)),
    onValidate({ addValidationRule, validateFn, setValidationFn }) {
      for (const rule of added) addValidationRule(rule);
      setValidationFn((validated, document, all: readonly ValidationRule[] = [], ...rest) =>
        validateFn(validated, document, all.filter(isBounded), ...rest),
      );
    },
  };
}

function results({ refuse, explain }: PluginOptions): Plugin<GraphqlContext> {
  const shown = (result: ExecutionResult, { caller }: GraphqlContext): ExecutionResult => {
    if (result.errors === undefined) return result;
    const errors = result.errors.map((error) => explain(error, caller));
    return { ...result, errors: result.data === undefined ? errors.map(unbegun) : errors };
  };
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { document, operationName, variableValues, contextValue } = args;
      const operation = getOperationAST(document, operationName);
      const refused = operation ? refuse(document, operation, variableValues) : undefined;
      if (refused !== undefined) setResultAndStopExecution({ errors: [refused] });
      return {
        onExecuteDone({ result, setResult }) {
          if (!isIterable(result)) {
            setResult(shown(result, contextValue));
            return undefined;
          }
          return { onNext: (next) => next.setResult(shown(next.result as ExecutionResult, contextValue)) };
        },
      };
    },
  };
}

/**
 * The plugin for deferred parts brings an older copy of this rule, which takes seconds for a few thousand fields; the rule
 * of graphql-js itself gives up in time.
 */
function isBounded(rule: ValidationRule): boolean {
  return rule.name !== OverlappingFieldsCanBeMergedRule.name || rule === OverlappingFieldsCanBeMergedRule;
}

/** What could not even begin is the client's mistake, with the status that the specification has for the form of the answer. */
function unbegun(error: GraphQLError): GraphQLError {
  error.extensions.code ??= "BAD_USER_INPUT";
  error.extensions.http = { spec: true, status: 400 };
  return error;
}

/** Reads documents up to a number of tokens. */
function createParser({ tokens }: Limits) {
  return (source: string | Source, parseOptions?: ParseOptions): DocumentNode => {
    try {
      return parse(source, { ...parseOptions, maxTokens: tokens });
    } catch (error) {
      if (error instanceof Error && /more th[ae][tn] \d+ tokens/.test(error.message)) {
        throw overLimit("tokens", `The document has more than ${tokens} tokens.`);
      }
      throw error instanceof GraphQLError ? unread(error) : error;
    }
  };
}

/** What is no GraphQL has the status that the specification has for the form of the answer. */
function unread(error: GraphQLError): GraphQLError {
  error.extensions.code ??= "GRAPHQL_PARSE_FAILED";
  error.extensions.http = { spec: true, status: 400 };
  return error;
}

function isIterable(result: object): result is AsyncIterable<unknown> {
  return Symbol.asyncIterator in result;
}

import { GraphQLError } from "graphql";
import { HubError } from "../../../schema/core/error.ts";
import { errorWireCode } from "../../../schema/interactions/encode-error.ts";

/** What a client is told of a bug. */
const INTERNAL = "An internal error occurred.";

/** Errors that clients may see: what was made here, and need not be looked at again. */
const told = new WeakSet<Error>();

/**
 * The error that a client may see. A `HubError` has the code of REST; what is wrong with the document or with its values
 * is told as it is; anything else is a bug, which tells nothing but the id by which the log has it.
 */
export function clientError(
  error: unknown,
  requestId: string | undefined,
  bug: (error: unknown) => void,
): GraphQLError {
  if (error instanceof GraphQLError && told.has(error)) return error;
  const cause = causeOf(error);
  if (cause === undefined && error instanceof GraphQLError) return error;
  const place = error instanceof GraphQLError ? placeOf(error) : {};
  const shown =
    cause instanceof HubError
      ? new GraphQLError(cause.message, { ...place, extensions: extensionsOf(cause) })
      : new GraphQLError(INTERNAL, {
          ...place,
          extensions: { code: errorWireCode("internal"), ...(requestId === undefined ? {} : { requestId }) },
        });
  if (!(cause instanceof HubError)) bug(cause ?? error);
  told.add(shown);
  return shown;
}

/** What is behind an error of GraphQL; `undefined` where it is itself all that is wrong. */
function causeOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError !== undefined && cause.originalError !== null) {
    cause = cause.originalError;
  }
  return cause instanceof GraphQLError ? undefined : cause;
}

function placeOf({ nodes, source, positions, path }: GraphQLError) {
  return {
    ...(nodes === undefined ? {} : { nodes }),
    ...(source === undefined ? {} : { source }),
    ...(positions === undefined ? {} : { positions }),
    ...(path === undefined ? {} : { path }),
  };
}

function extensionsOf({ code, field, retryAfter }: HubError): Record<string, unknown> {
  return {
    code: errorWireCode(code),
    ...(field === undefined ? {} : { field }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

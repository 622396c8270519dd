import pino from "pino";

/** A structured logger: one JSON object a line. */
export type Logger = pino.Logger;

const secretNames = [
  "api_key",
  "apikey",
  "authorization",
  "cookie",
  "key",
  "proxy-authorization",
  "set-cookie",
  "x-goog-api-key",
];
/** Where prompts and answers live in the objects of the hub and of its wires. */
const contentNames = [
  "body",
  "content",
  "input",
  "output",
  "outputs",
  "prompt",
  "request",
  "steps",
  "system_instruction",
  "text",
];
const deepest = 4;

/**
 * A copy in which members of some names are hidden, at any depth that is worth logging and in any case of letters. Pino's
 * own redaction knows neither, and costs some ten times as much a line when it looks below the first level.
 */
function hide(value: unknown, names: ReadonlySet<string>, depth: number): unknown {
  if (typeof value !== "object" || value === null || value instanceof Error) return value;
  if (depth === deepest) return "[deeper]";
  if (Array.isArray(value)) return value.map((item) => hide(item, names, depth + 1));
  return hideMembers(value, names, depth);
}

function hideMembers(value: object, names: ReadonlySet<string>, depth: number): { [name: string]: unknown } {
  const copied = Object.entries(value).map(([name, member]): [string, unknown] => [
    name,
    names.has(name.toLowerCase()) ? "[hidden]" : hide(member, names, depth + 1),
  ]);
  return Object.fromEntries(copied);
}

/** A URL or path with the value of its `key` parameter hidden. */
export function maskUrl(url: string): string {
  return url.replace(/([?&]key=)[^&#]*/gi, "$1[hidden]");
}

/** An error without the members that clients of upstreams hang on it, which repeat requests with headers and prompts. */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const code = "code" in error ? error.code : undefined;
  return {
    type: name,
    message,
    stack,
    code,
    ...("field" in error && error.field !== undefined ? { field: error.field } : {}),
    ...(error instanceof AggregateError ? { errors: error.errors.map(plainError) } : {}),
    ...(cause === undefined ? {} : { cause: plainError(cause) }),
  };
}

function maskText(value: unknown): unknown {
  return typeof value === "string" ? maskUrl(value) : value;
}

/**
 * Creates the server's logger. Keys are hidden at every level; prompts and answers are hidden except in `debug` and
 * `trace`. Lines go to standard error unless another destination is given.
 */
export function createLogger(
  level: pino.LevelWithSilent,
  destination: pino.DestinationStream = pino.destination(2),
): Logger {
  const verbose = level === "debug" || level === "trace";
  const hidden = new Set([...secretNames, ...(verbose ? [] : contentNames)]);
  return pino(
    {
      level,
      base: undefined,
      formatters: { log: (line) => hideMembers(line, hidden, 0) },
      serializers: { err: plainError, error: plainError, url: maskText, path: maskText },
    },
    destination,
  );
}

import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context } from "hono";
import { HubError } from "../../schema/core/error.ts";
import type { Headers, Operation, OperationRequest, Reply } from "../operation.ts";
import type { AppOptions } from "./app-options.ts";
import { corsHeaders } from "./guards/cors.ts";
import { readJson } from "./guards/read-json.ts";
import { pathOfUrl } from "./route-path.ts";
import { writeEventStream } from "./write-event-stream.ts";
import { writeLateJson } from "./write-late-json.ts";

type HttpContext = Context<{ Bindings: HttpBindings }>;

const jsonHeaders: Headers = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" };

/** One for all: making an error with its stack for every reply would cost more than routing it. */
const goneReason = new HubError("cancelled", "The client went away.");

/** Runs an operation and writes its reply. */
export async function answer(context: HttpContext, operation: Operation, options: AppOptions): Promise<Response> {
  const gone = clientGone(context);
  const reply = await operation.handle(requestOf(context, gone, options));
  return write(context, reply, gone, options);
}

/** Answers an error: the front's word for what it is, and for a bug a request id by which the log can be searched. */
export function answerError(context: HttpContext, error: unknown, options: AppOptions, more: Headers = {}): Response {
  const { status, headers, body } = options.errorReply(error);
  const request_id = options.requestId();
  options.report({ ...lineOf(context), request_id, status, error });
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...jsonHeaders, ...headers, ...more, "x-request-id": request_id },
  });
}

/** Written past the framework: its replies cost as much as the rest of a small request, and its streams several times that. */
function write(context: HttpContext, reply: Reply, gone: AbortSignal, options: AppOptions): Response {
  const { outgoing } = context.env;
  const request_id = options.requestId();
  const line = { ...lineOf(context), request_id, status: reply.kind === "json" ? reply.status : 200 };
  options.report(line);
  const headers = { ...reply.headers, ...sharedHeaders(context, reply), "x-request-id": request_id };
  const failed = (error: unknown) => {
    options.report({ ...line, error });
    outgoing.destroy();
  };
  switch (reply.kind) {
    case "json": {
      const text = JSON.stringify(reply.body);
      outgoing.writeHead(reply.status, { ...jsonHeaders, "content-length": Buffer.byteLength(text), ...headers });
      outgoing.end(text);
      break;
    }
    case "late-json":
      writeLateJson({
        outgoing,
        headers: { ...jsonHeaders, ...headers },
        body: reply.body,
        heartbeat: options.heartbeat,
      }).catch(failed);
      break;
    case "event-stream":
      writeEventStream({ outgoing, headers, chunks: reply.chunks, heartbeat: options.heartbeat, gone }).catch(failed);
      break;
    default:
      reply satisfies never;
  }
  return RESPONSE_ALREADY_SENT;
}

/** What the middleware adds to replies that go through it. */
function sharedHeaders(context: HttpContext, { headers: { vary } }: Reply): Headers {
  const origin = context.req.header("origin");
  return {
    vary: vary === undefined ? "origin" : `${vary}, origin`,
    ...(origin === undefined ? {} : corsHeaders(origin)),
  };
}

function requestOf(context: HttpContext, gone: AbortSignal, options: AppOptions): OperationRequest {
  const { req } = context;
  return {
    path: pathOfUrl(req.url),
    parameter: (name) => req.param(name) ?? "",
    query: (name) => req.query(name),
    header: (name) => req.header(name),
    json: () => readJson(req.raw, options.limits),
    gone,
  };
}

/** Aborts when the connection closes or the reply is out, whichever comes first. */
function clientGone(context: HttpContext): AbortSignal {
  const controller = new AbortController();
  const { outgoing } = context.env;
  if (outgoing.closed) controller.abort(goneReason);
  else outgoing.once("close", () => controller.abort(goneReason));
  return controller.signal;
}

function lineOf(context: HttpContext) {
  return { method: context.req.method, path: pathOfUrl(context.req.url) };
}

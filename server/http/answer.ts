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
export function answerError(context: HttpContext, error: unknown, options: AppOptions): Response {
  const { status, headers, body } = options.errorReply(error);
  const request_id = options.requestId();
  options.report({ ...lineOf(context), request_id, status, error });
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...jsonHeaders, ...headers, "x-request-id": request_id },
  });
}

async function write(context: HttpContext, reply: Reply, gone: AbortSignal, options: AppOptions): Promise<Response> {
  const line = lineOf(context);
  switch (reply.kind) {
    case "json": {
      const request_id = options.requestId();
      options.report({ ...line, request_id, status: reply.status });
      const headers = { ...jsonHeaders, ...reply.headers, "x-request-id": request_id };
      return context.body(JSON.stringify(reply.body), reply.status as 200, headers);
    }
    case "late-json":
    case "event-stream": {
      const request_id = options.requestId();
      options.report({ ...line, request_id, status: 200 });
      const headers = { ...rawHeaders(context), ...reply.headers, "x-request-id": request_id };
      const { outgoing } = context.env;
      const report = (error: unknown) => options.report({ ...line, request_id, status: 200, error });
      // Written past the framework: its streams cost several times what a write on the socket does.
      const written =
        reply.kind === "event-stream"
          ? writeEventStream({ outgoing, headers, chunks: reply.chunks, heartbeat: options.heartbeat, gone })
          : writeLateJson({
              outgoing,
              headers: { ...jsonHeaders, ...headers },
              body: reply.body,
              heartbeat: options.heartbeat,
            });
      void written.catch((error) => {
        report(error);
        outgoing.destroy();
      });
      return RESPONSE_ALREADY_SENT;
    }
    default:
      return reply satisfies never;
  }
}

/** Headers that a reply needs which does not go through the middleware. */
function rawHeaders(context: HttpContext): Headers {
  const origin = context.req.header("origin");
  return origin === undefined ? {} : corsHeaders(origin);
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
  return { method: context.req.method, path: context.req.path };
}

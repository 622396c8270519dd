import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { HubError } from "../../schema/core/error.ts";
import type { FileReply, Headers, Operation, OperationRequest, Reply, Rights } from "../operation.ts";
import type { AppOptions } from "./app-options.ts";
import { callerKey } from "./guards/key-check.ts";
import { readJson } from "./guards/read-json.ts";
import { type HttpContext, lineOf, sharedHeaders } from "./http-context.ts";
import { pathOfUrl } from "./route-path.ts";
import { type PartReply, selectBytes } from "./select-bytes.ts";
import { takeTurn } from "./take-turn.ts";
import { writeBytes } from "./write-bytes.ts";
import { writeEventStream } from "./write-event-stream.ts";
import { writeLateJson } from "./write-late-json.ts";

const jsonHeaders: Headers = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" };

/** Runs an operation and writes its reply. */
export async function answer(context: HttpContext, operation: Operation, options: AppOptions): Promise<Response> {
  const { gone, turn } = takeTurn(context.env);
  await turn;
  // Whoever has gone meanwhile needs no reply to be made.
  if (context.env.incoming.socket.destroyed) return RESPONSE_ALREADY_SENT;
  refuseChange(operation, context.get("rights"));
  const reply = await operation.handle(requestOf(context, gone, options));
  return write(context, reply.kind === "file" ? partOf(context, reply, options) : reply, gone, options);
}

function refuseChange({ changes }: Operation, { readOnly, key }: Rights): void {
  if (!changes || !readOnly) return;
  throw new HubError("permission_denied", `The API key '${key}' may only read, and this would change something.`);
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

/** What the client has and wants of a file decides what goes out of it. */
function partOf({ req }: HttpContext, file: FileReply, options: AppOptions): ReadyReply {
  const selected = selectBytes(file, req.method, req.header.bind(req));
  if (selected.kind === "part") return selected;
  const { status, headers, refused } = selected;
  return { kind: "json", status, headers, body: options.errorReply(refused).body };
}

type ReadyReply = Exclude<Reply, FileReply> | PartReply;

/** Written past the framework: its replies cost as much as the rest of a small request, and its streams several times that. */
function write(context: HttpContext, reply: ReadyReply, gone: AbortSignal, options: AppOptions): Response {
  const { outgoing } = context.env;
  const request_id = options.requestId();
  const line = { ...lineOf(context), request_id, status: "status" in reply ? reply.status : 200 };
  const headers = { ...reply.headers, ...sharedHeaders(context, reply.headers.vary), "x-request-id": request_id };
  const failed = (error: unknown) => {
    options.report({ ...line, status: 500, error });
    outgoing.destroy();
  };
  switch (reply.kind) {
    case "json": {
      const text = JSON.stringify(reply.body);
      outgoing.writeHead(reply.status, { ...jsonHeaders, "content-length": Buffer.byteLength(text), ...headers });
      outgoing.end(text);
      break;
    }
    case "part":
      writeBytes({ outgoing, status: reply.status, headers, range: reply.range, read: reply.read, gone }).catch(failed);
      break;
    case "late-json":
      writeLateJson({
        outgoing,
        headers: { ...jsonHeaders, ...headers },
        body: reply.body,
        heartbeat: options.heartbeat,
        gone,
      }).catch(failed);
      break;
    case "event-stream":
      writeEventStream({ outgoing, headers, chunks: reply.chunks, heartbeat: options.heartbeat, gone }).catch(failed);
      break;
    default:
      reply satisfies never;
  }
  options.report(line);
  return RESPONSE_ALREADY_SENT;
}

function requestOf(context: HttpContext, gone: AbortSignal, options: AppOptions): OperationRequest {
  const { req } = context;
  return {
    path: pathOfUrl(req.url),
    parameter: (name) => req.param(name) ?? "",
    query: (name) => req.query(name),
    header: (name) => req.header(name),
    callerKey: () => callerKey(options.keys, req.header.bind(req), req.query.bind(req)),
    rights: context.get("rights"),
    json: () => readJson(req.raw, options.limits),
    gone,
  };
}

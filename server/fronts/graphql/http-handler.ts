import type { IncomingMessage } from "node:http";
import { isJsonObject } from "../../../schema/core/json.ts";
import type { Exchange } from "../../operation.ts";
import type { Caller } from "./context.ts";
import type { Engine, Operation } from "./engine.ts";
import type { GraphqlOptions } from "./graphql-options.ts";
import { acceptedForms, jsonForm, streamForm } from "./http-accept.ts";
import type { Subscriptions } from "./live/subscriptions.ts";
import type { GraphqlParams } from "./persisted-documents.ts";
import { writeStreamErrors, writeSubscription } from "./stream-reader.ts";
import { writeResult } from "./write-result.ts";
import { answerByYoga } from "./yoga-exchange.ts";

/** Answers requests to `/graphql` over HTTP. */
export type HttpHandler = (exchange: Exchange) => Promise<void>;

/**
 * One result of a posted query, which is nearly every request, is written by hand: Yoga's own way costs as much again as the
 * query. Subscriptions are shared among all who read them, which Yoga cannot do. Everything else is Yoga's: GraphiQL,
 * queries by GET, answers in several parts, and what every mistake is answered with.
 */
export function createHttpHandler(engine: Engine, subscriptions: Subscriptions, options: GraphqlOptions): HttpHandler {
  return async (exchange) => {
    const { incoming } = exchange;
    if (incoming.method === "POST" && !isAllowedType(incoming.headers["content-type"])) {
      refuseType(exchange);
      return;
    }
    const caller = callerOf(exchange);
    const posted = incoming.method === "POST" ? await exchange.body() : undefined;
    const params = posted === undefined ? paramsOfUrl(incoming) : paramsOfBody(exchange, posted);
    const operation = params === undefined ? undefined : engine.prepare(params);
    if (operation !== undefined && !("errors" in operation)) {
      const answered =
        operation.operation.operation === "subscription"
          ? await answerStream(exchange, operation, caller)
          : posted !== undefined && (await answerJson(exchange, operation, caller));
      if (answered) return;
    }
    await answerByYoga(engine, exchange, caller, posted);
  };

  async function answerStream(exchange: Exchange, operation: Operation, caller: Caller): Promise<boolean> {
    const { incoming, outgoing, headers, gone } = exchange;
    const form = streamForm(acceptedForms(incoming.headers.accept));
    if (form === undefined) return false;
    const { heartbeat, stallTimeout } = options;
    const explain = (error: unknown) => engine.explain(error, caller);
    const stream = { outgoing, headers, form, heartbeat, stallTimeout, gone, explain };
    const granted = await subscriptions.open(operation, caller);
    if ("errors" in granted) writeStreamErrors(granted.errors, stream);
    else writeSubscription(granted, stream);
    exchange.report(200);
    return true;
  }

  async function answerJson(exchange: Exchange, operation: Operation, caller: Caller): Promise<boolean> {
    const form = jsonForm(acceptedForms(exchange.incoming.headers.accept));
    if (form === undefined || operation.incremental) return false;
    const result = engine.run(operation, engine.contextFor(caller));
    // What could not even begin has changed nothing: Yoga says once more why.
    return writeResult({ exchange, form, result, heartbeat: options.heartbeat });
  }
}

function isJson(type: string | undefined): boolean {
  return /^application\/(?:json|graphql\+json)\s*(?:;|$)/i.test(type ?? "");
}

/** Forms and plain text need no preflight: a page of anybody could send them. */
function isAllowedType(type: string | undefined): boolean {
  return isJson(type) || /^application\/graphql\s*(?:;|$)/i.test(type ?? "");
}

function refuseType({ outgoing, headers, report }: Exchange): void {
  const text = JSON.stringify({ errors: [{ message: "Send application/json.", extensions: { code: "BAD_REQUEST" } }] });
  outgoing.writeHead(415, {
    "content-type": "application/json; charset=utf-8",
    accept: "application/json",
    ...headers,
  });
  outgoing.end(text);
  report(415);
}

function callerOf({ incoming, rights, requestId, callerKey, gone }: Exchange): Caller {
  return { readOnly: rights.readOnly, address: addressOf(incoming), requestId, callerKey, gone };
}

/** Under which address a request has come. A proxy that speaks TLS says so. */
export function addressOf({ headers }: IncomingMessage): string {
  const scheme = headers["x-forwarded-proto"] === "https" ? "https" : "http";
  return `${scheme}://${headers.host ?? "localhost"}`;
}

/** What a posted body asks for; `undefined` where it is for Yoga to say what is wrong with it. */
function paramsOfBody(exchange: Exchange, body: Uint8Array): GraphqlParams | undefined {
  // A document alone is text, which Yoga reads.
  if (!isJson(exchange.incoming.headers["content-type"])) return undefined;
  const params = exchange.json(body);
  return isParams(params) ? params : undefined;
}

function paramsOfUrl({ url = "" }: IncomingMessage): GraphqlParams | undefined {
  const start = url.indexOf("?");
  const search = new URLSearchParams(start === -1 ? "" : url.slice(start));
  const params: Record<string, unknown> = {};
  for (const name of ["query", "operationName", "documentId"]) {
    const value = search.get(name);
    if (value !== null && value !== "") params[name] = value;
  }
  try {
    for (const name of ["variables", "extensions"]) {
      const value = search.get(name);
      if (value !== null && value !== "") params[name] = JSON.parse(value);
    }
  } catch {
    return undefined;
  }
  return isParams(params) ? params : undefined;
}

const members: ReadonlySet<string> = new Set(["query", "documentId", "variables", "operationName", "extensions"]);

/** Whether this is a well-formed request, as far as it must be to be looked at. */
function isParams(params: unknown): params is GraphqlParams {
  if (!isJsonObject(params)) return false;
  const { query, documentId, variables, operationName, extensions } = params;
  return (
    Object.keys(params).every((name) => members.has(name)) &&
    (typeof query === "string" || (query === undefined && (documentId !== undefined || isJsonObject(extensions)))) &&
    (documentId === undefined || typeof documentId === "string") &&
    (variables === undefined || variables === null || isJsonObject(variables)) &&
    (operationName === undefined || operationName === null || typeof operationName === "string") &&
    (extensions === undefined || extensions === null || isJsonObject(extensions))
  );
}

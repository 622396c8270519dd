import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import type { Headers, Rights } from "../operation.ts";
import { corsHeaders } from "./guards/cors.ts";
import { pathOfUrl } from "./route-path.ts";

/** What the app and its guards know of a request; `rights` is what the key check has found. */
export type HttpEnv = { Bindings: HttpBindings; Variables: { rights: Rights } };

export type HttpContext = Context<HttpEnv>;

/** What the middleware adds to replies that go through it, for those that are written past it. */
export function sharedHeaders(context: HttpContext, vary?: string): Headers {
  const origin = context.req.header("origin");
  return {
    vary: vary === undefined ? "origin" : `${vary}, origin`,
    ...(origin === undefined ? {} : corsHeaders(origin)),
  };
}

/** The beginning of a request's line in the log. */
export function lineOf(context: HttpContext): { method: string; path: string } {
  return { method: context.req.method, path: pathOfUrl(context.req.url) };
}

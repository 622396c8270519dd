import type { RequestListener } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { HubError } from "../../schema/core/error.ts";
import { shortened } from "../../schema/core/shortened.ts";
import type { Operation, RawOperation } from "../operation.ts";
import { answer, answerError } from "./answer.ts";
import { createRawListener } from "./answer-raw.ts";
import type { AppOptions } from "./app-options.ts";
import { cors } from "./guards/cors.ts";
import { hostCheck } from "./guards/host-check.ts";
import { keyCheck } from "./guards/key-check.ts";
import { originCheck } from "./guards/origin-check.ts";
import { originPolicy } from "./guards/origin-policy.ts";
import type { HttpEnv } from "./http-context.ts";
import { routePath, versionedPrefix } from "./route-path.ts";

/** Answers every request: by the front itself where it does so with its own hands, else by the app. */
export function createListener(options: AppOptions): RequestListener {
  const answeredRaw = createRawListener(options);
  const listener = getRequestListener(createApp(options).fetch, { overrideGlobalObjects: false });
  return (incoming, outgoing) => {
    if (!answeredRaw(incoming, outgoing)) listener(incoming, outgoing);
  };
}

/** The whole HTTP surface: the guards in their order, then every operation of every front. */
export function createApp(options: AppOptions): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>({ getPath: (request) => routePath(request.url) });
  app.use(hostCheck({ bound: options.host, allowed: options.allowedHosts }));
  app.use(originCheck(originPolicy(options.allowedOrigins)));
  app.use(cors());
  app.use(keyCheck(options.keys, new Set(["/healthz"])));
  for (const operation of options.operations) {
    app.on(operation.method, pathOf(operation), (context) => answer(context, operation, options));
  }
  for (const [path, methods] of methodsByPath(options)) {
    app.all(path, (context) =>
      answerError(context, wrongMethod(context.req.method, context.req.path, methods), options, { allow: methods }),
    );
  }
  app.notFound((context) => answerError(context, noSuchOperation(context.req.method, context.req.path), options));
  app.onError((error, context) => answerError(context, error, options));
  return app;
}

function pathOf({ versioned, path }: Operation): string {
  return versioned ? versionedPrefix + path : path;
}

/** The methods that each path knows, as the Allow header lists them. */
function methodsByPath({ operations, rawOperations }: AppOptions): Map<string, string> {
  const methods = new Map(
    rawOperations.map((operation: RawOperation) => [operation.path, operation.methods.join(", ")]),
  );
  for (const operation of operations) {
    const path = pathOf(operation);
    const others = methods.get(path);
    methods.set(path, others === undefined ? operation.method : `${others}, ${operation.method}`);
  }
  return methods;
}

function wrongMethod(method: string, path: string, methods: string): HubError {
  // `models/{id}:generateContent` and its like are paths of their own at Google.
  const verb = /:(\w+)$/.exec(path)?.[1];
  if (verb !== undefined) {
    return new HubError("not_found", `'${shortened(verb)}' is not served: this server speaks the Interactions API.`);
  }
  return new HubError("method_not_allowed", `${method} is not possible here, only ${methods}.`);
}

function noSuchOperation(method: string, path: string): HubError {
  const asked = path.startsWith(`${versionedPrefix}/`) ? `/v1beta${path.slice(versionedPrefix.length)}` : path;
  const hint = " GET /openapi.json describes what there is.";
  return new HubError("not_found", `There is no ${method} ${shortened(asked)} here.${hint}`);
}

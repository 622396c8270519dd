import type { Exchange, Upgrade } from "../../operation.ts";
import { createEngine } from "./engine.ts";
import type { GraphqlOptions } from "./graphql-options.ts";
import { createHttpHandler } from "./http-handler.ts";
import { createSubscriptions } from "./live/subscriptions.ts";
import { createSocketServer } from "./socket-server.ts";

/** What is open. */
export type GraphqlLoad = { sockets: number; subscribers: number; channels: number };

/** GraphQL, loaded. */
export type GraphqlServer = {
  handle(exchange: Exchange): Promise<void>;
  accept(upgrade: Upgrade): void;
  load(): GraphqlLoad;
  close(): Promise<void>;
};

export function createGraphqlServer(options: GraphqlOptions): GraphqlServer {
  const engine = createEngine(options);
  const subscriptions = createSubscriptions(engine, options.subscribers);
  const sockets = createSocketServer(engine, subscriptions, options);
  return {
    handle: createHttpHandler(engine, subscriptions, options),
    accept: sockets.accept,
    load: () => ({ sockets: sockets.count(), ...subscriptions.load() }),
    close: sockets.close,
  };
}

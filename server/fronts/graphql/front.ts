import { HubError } from "../../../schema/core/error.ts";
import type { Exchange, RawOperation, Upgrade, UpgradeOperation } from "../../operation.ts";
import type { GraphqlOptions } from "./graphql-options.ts";
import type { GraphqlLoad, GraphqlServer } from "./server.ts";

/** The GraphQL front: `/graphql` over HTTP and over WebSockets. */
export type GraphqlFront = {
  operations: RawOperation[];
  upgrades: UpgradeOperation[];
  /** What is open, for health checks; nothing while nobody has asked for GraphQL. */
  load(): Partial<GraphqlLoad>;
  /** Closes every socket. */
  close(): Promise<void>;
};

/** Nothing of GraphQL is loaded before somebody asks: it takes as long as the rest of the start. */
export function createGraphqlFront(options: GraphqlOptions): GraphqlFront {
  let loading: Promise<GraphqlServer> | undefined;
  let loaded: GraphqlServer | undefined;
  let closing = false;

  async function server(): Promise<GraphqlServer> {
    if (closing) throw new HubError("unavailable", "The server is shutting down.");
    loading ??= import("./server.ts").then(({ createGraphqlServer }) => {
      loaded = createGraphqlServer(options);
      return loaded;
    });
    return loading;
  }

  return {
    operations: [
      {
        methods: ["GET", "POST"],
        path: "/graphql",
        handle: async (exchange: Exchange) => (loaded ?? (await server())).handle(exchange),
      },
    ],
    upgrades: [
      {
        path: "/graphql",
        handle: async (upgrade: Upgrade) => (loaded ?? (await server())).accept(upgrade),
      },
    ],
    load: () => loaded?.load() ?? {},
    async close() {
      closing = true;
      await (await loading)?.close();
    },
  };
}

import type { YogaServerOptions } from "graphql-yoga";
import type { GraphqlContext } from "./context.ts";
import { exampleQueries } from "./example-queries.ts";

type Options = Pick<YogaServerOptions<object, GraphqlContext>, "graphiql" | "renderGraphiQL">;

/** How Yoga shows GraphiQL: from the package, so that no page of others is loaded, and only when a browser asks. */
export function renderGraphiql(enabled: boolean): Options {
  if (!enabled) return { graphiql: false };
  return {
    graphiql: {
      title: "Interactions Hub",
      // Over a WebSocket it would send neither the headers of its editor nor the key of its address.
      subscriptionsProtocol: "GRAPHQL_SSE",
      defaultQuery: exampleQueries[0]?.query ?? "",
      defaultTabs: exampleQueries.map(({ query, variables }) => ({
        query,
        ...(variables === undefined ? {} : { variables: JSON.stringify(variables, null, 2) }),
      })),
    },
    renderGraphiQL: async (options) => (await import("@graphql-yoga/render-graphiql")).renderGraphiQL(options),
  } as Options;
}

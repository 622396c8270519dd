import fastify from "fastify";
import { GraphQLScalarType } from "graphql";
import mercurius from "mercurius";
import { createSqliteArchive } from "../../db/archive/sqlite-archive.ts";
import { createDriver } from "../../db/driver.ts";
import { openStorage } from "../../db/storage.ts";
import type { InteractionHead } from "../../schema/archive.ts";
import type { Step } from "../../schema/core/step.ts";
import { turnsOf } from "../../schema/core/turn.ts";

// Mercurius as its manual sets it up, without its JIT, before the same archive: what it costs to answer the queries that are
// compared, and nothing else. The argument is a database file of its own.

const archive = createSqliteArchive(
  openStorage({ driver: createDriver(), file: process.argv[2] ?? "", mediaBytes: 0, lasting: true }),
);

const schema = `
  scalar DateTime
  enum Status { in_progress requires_action completed failed cancelled incomplete }
  enum Role { user model }
  type Turn { role: Role! text: String! }
  type Interaction { id: ID! status: Status! model: String createdAt: DateTime! turns: [Turn!]! }
  type InteractionList { nodes: [Interaction!]! }
  type Query { interaction(id: ID!): Interaction interactions(first: Int!): InteractionList! }
`;

const DateTime = new GraphQLScalarType<number, string>({
  name: "DateTime",
  serialize: (value) => new Date(Number(value)).toISOString(),
});

const newestFirst = { by: "created", direction: "descending" } as const;

const app = fastify();
app.register(mercurius, {
  schema,
  resolvers: {
    DateTime,
    Query: {
      interaction: async (_: unknown, { id }: { id: string }) => (await archive.heads([id]))[0],
      interactions: async (_: unknown, { first }: { first: number }) => {
        const { edges } = await archive.list({}, newestFirst, { limit: first });
        return { nodes: edges.map(({ node }) => node) };
      },
    },
    Interaction: { createdAt: ({ created_at }: InteractionHead) => created_at },
  },
  // All turns of a list are read together.
  loaders: {
    Interaction: {
      async turns(queries: { obj: InteractionHead }[]) {
        const steps = await archive.steps(queries.map(({ obj }) => obj.id));
        return queries.map(({ obj }) => {
          const { input = [], output = [] } = steps.get(obj.id) ?? {};
          return turnsOf([...input, ...output]).map((turn) => ({ role: turn.role, text: textOf(turn.steps) }));
        });
      },
    },
  },
});

function textOf(steps: readonly Step[]): string {
  let text = "";
  for (const step of steps) {
    if (step.type !== "user_input" && step.type !== "model_output") continue;
    for (const content of step.content) if (content.type === "text") text += content.text;
  }
  return text;
}

console.log(`listens on ${await app.listen({ host: "127.0.0.1", port: 0 })}`);

import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const schema = fileURLToPath(new URL("../../../schema/generated/schema.graphql", import.meta.url));
const compiler = fileURLToPath(new URL("../../../node_modules/relay-compiler/cli.js", import.meta.url));

const configuration = {
  src: "./src",
  schema: "./schema.graphql",
  language: "typescript",
  eagerEsModules: true,
  customScalarTypes: {
    Base64: "string",
    Cursor: "string",
    Date: "string",
    DateTime: "string",
    JSON: "unknown",
    SafeInt: "number",
    URL: "string",
  },
  schemaConfig: { requireCustomScalarTypes: true },
};

/** A list that pages both ways, a node that is fetched again, a mutation and a subscription: what Relay has rules for. */
const source = `import { graphql } from "relay-runtime";

graphql\`
  query chainsQuery($first: Int!, $after: Cursor) {
    ...chains_list @arguments(first: $first, after: $after)
  }
\`;

graphql\`
  fragment chains_list on Query
  @refetchable(queryName: "chainsListPaginationQuery")
  @argumentDefinitions(
    first: { type: "Int" }
    after: { type: "Cursor" }
    last: { type: "Int" }
    before: { type: "Cursor" }
  ) {
    interactions(first: $first, after: $after, last: $last, before: $before, filter: { isRoot: true })
      @connection(key: "chains_interactions") {
      edges {
        node {
          id
          ...chains_interaction
        }
      }
    }
  }
\`;

graphql\`
  fragment chains_interaction on Interaction
  @refetchable(queryName: "chainsInteractionRefetchQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 10 }, after: { type: "Cursor" }) {
    status
    outputText
    createdAt
    next(first: $first, after: $after) @connection(key: "chains_next") {
      edges {
        node {
          id
        }
      }
    }
    steps {
      __typename
      ... on ModelOutput {
        text
      }
      ... on ToolStep {
        name
      }
    }
  }
\`;

graphql\`
  mutation chainsDeleteMutation($id: ID!, $connections: [ID!]!) {
    deleteInteraction(id: $id) {
      ... on DeleteInteractionSuccess {
        id @deleteEdge(connections: $connections)
      }
      ... on Refusal {
        code
        message
      }
    }
  }
\`;

graphql\`
  subscription chainsFeedSubscription {
    interactionChanged {
      kind
      interaction {
        id
        ...chains_interaction
      }
    }
  }
\`;
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "interactions-hub-"));
  await mkdir(join(folder, "src"));
  await copyFile(schema, join(folder, "schema.graphql"));
  await writeFile(join(folder, "relay.config.json"), JSON.stringify(configuration));
  await writeFile(join(folder, "package.json"), "{}");
  await writeFile(join(folder, "src", "chains.ts"), source);
});
afterAll(() => rm(folder, { recursive: true }));

describe("relay-compiler", () => {
  test("compiles a program that pages, fetches again, changes and subscribes", async () => {
    const run = promisify(execFile)(process.execPath, [compiler, "relay.config.json"], { cwd: folder });
    const { stdout, stderr } = await run.catch((error: { stdout: string; stderr: string }) => error);
    expect(`${stdout}${stderr}`).not.toMatch(/error|✖/i);
    const artifacts = join(folder, "src", "__generated__");
    expect((await readdir(artifacts)).sort()).toEqual([
      "chainsDeleteMutation.graphql.ts",
      "chainsFeedSubscription.graphql.ts",
      "chainsInteractionRefetchQuery.graphql.ts",
      "chainsListPaginationQuery.graphql.ts",
      "chainsQuery.graphql.ts",
      "chains_interaction.graphql.ts",
      "chains_list.graphql.ts",
    ]);
    // By its global id alone: that is what `Node` is for.
    expect(await readFile(join(artifacts, "chainsInteractionRefetchQuery.graphql.ts"), "utf8")).toMatch(/"?node"?/);
    expect(await readFile(join(artifacts, "chains_interaction.graphql.ts"), "utf8")).toContain(
      "readonly createdAt: string",
    );
  });
});

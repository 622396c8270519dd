import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningHub } from "../../../../server/configuration/running-hub.ts";
import { askGraphql, dataOf } from "../../../cases/graphql-client.ts";
import { create } from "../../../cases/http-client.ts";
import { startTestHub } from "../../../cases/start-test-hub.ts";

let hub: RunningHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub.close());

const json = { "content-type": "application/json" };
const specified = { ...json, accept: "application/graphql-response+json" };

/** The status of an answer, its media type and its body. */
async function ask(path: string, init: RequestInit = {}) {
  const response = await fetch(`${hub.url}${path}`, init);
  const type = response.headers.get("content-type")?.split(";")[0];
  const text = await response.text();
  return {
    status: response.status,
    type,
    headers: response.headers,
    text,
    body: text.startsWith("{") ? JSON.parse(text) : text,
  };
}

const post = (body: unknown, headers: Record<string, string> = json) =>
  ask("/graphql", { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) });

const get = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
  ask(`/graphql?${new URLSearchParams(parameters)}`, { headers });

describe("a query over HTTP", () => {
  test("is answered in the form that is asked for, with an id by which the log has it", async () => {
    for (const answer of [await post({ query: "{ __typename }" }), await get({ query: "{ __typename }" })]) {
      expect(answer).toMatchObject({ status: 200, type: "application/json", body: { data: { __typename: "Query" } } });
      expect(answer.headers.get("x-request-id")).toMatch(/.+/);
      expect(answer.headers.get("cache-control")).toBe("no-store");
    }
    expect(await post({ query: "{ __typename }" }, specified)).toMatchObject({ type: specified.accept });
    const preferred = {
      ...json,
      accept: "application/json;q=0.5, application/graphql-response+json, text/event-stream",
    };
    expect(await post({ query: "{ __typename }" }, preferred)).toMatchObject({ type: specified.accept });
    expect(await post({ query: "{ __typename }" }, { ...json, accept: "image/png" })).toMatchObject({ status: 406 });
  });

  test("that is wrong has a status in the form of the specification, and none in plain JSON", async () => {
    const wrong = [
      { query: "{" },
      { query: "{ nothing }" },
      { query: "query A { __typename } query B { __typename }" },
      { query: "query($id: ID!) { interaction(id: $id) { id } }" },
      { query: "{ interactions(first: 1000) { nodes { descendants(first: 1000) { nodes { id } } } } }" },
    ];
    for (const body of wrong) {
      const { status, body: answer } = await post(body, specified);
      expect(status).toBe(400);
      expect(answer).not.toHaveProperty("data");
      expect(JSON.stringify(answer)).not.toContain('"http"');
    }
    expect((await post({ query: "{ nothing }" })).status).toBe(200);
    expect((await post({ query: '{ interactions(after: "x") { nodes { id } } }' }, specified)).status).toBe(200);
  });

  test("is JSON or a document alone: what a form of a foreign page can send is refused", async () => {
    const document = { ...json, "content-type": "application/graphql" };
    expect(await post("{ __typename }", document)).toMatchObject({ status: 200 });
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]) {
      expect(await post("query=%7B__typename%7D", { "content-type": type })).toMatchObject({ status: 415 });
    }
    expect(await post("{", json)).toMatchObject({ status: 400 });
    expect(await post({ query: "{ __typename }" }, { ...json, origin: "https://evil.example" })).toMatchObject({
      status: 403,
    });
  });

  test("comes alone", async () => {
    const { status, text } = await post([{ query: "{ __typename }" }, { query: "{ __typename }" }]);
    expect(status).toBe(400);
    expect(text).toContain("Batching is not supported");
  });

  test("is read by other methods no more than any other path", async () => {
    expect(await ask("/graphql", { method: "DELETE" })).toMatchObject({ status: 405 });
    const asked = { origin: "http://localhost:3000", "access-control-request-method": "POST" };
    expect(await ask("/graphql", { method: "OPTIONS", headers: asked })).toMatchObject({ status: 204 });
    const { headers } = await post({ query: "{ __typename }" }, { ...json, origin: asked.origin });
    expect(headers.get("access-control-allow-origin")).toBe(asked.origin);
  });

  test("that is too large, or nests too deep, is refused before it is read", async () => {
    const small = await startTestHub({ limits: { body_bytes: "1KiB", json_depth: 16 } });
    const send = (body: string) => fetch(`${small.url}/graphql`, { method: "POST", headers: json, body });
    expect((await send(JSON.stringify({ query: `{ ${"x".repeat(2000)} }` }))).status).toBe(413);
    const nested = `${"[".repeat(20)}${"]".repeat(20)}`;
    expect((await send(`{"query":"{ __typename }","variables":{"x":${nested}}}`)).status).toBe(400);
    expect((await send('{"query":"{ __typename }"}')).status).toBe(200);
    await small.close();
  });
});

describe("a mutation", () => {
  const mutation = 'mutation { deleteInteraction(id: "x") { __typename } }';

  test("is done by POST and never by GET", async () => {
    expect(await get({ query: mutation })).toMatchObject({ status: 405 });
    expect(await post({ query: mutation })).toMatchObject({
      body: { data: { deleteInteraction: { __typename: "Refusal" } } },
    });
  });

  test("that takes long shows that it is worked for, and is the same JSON in the end", async () => {
    const patient = await startTestHub({ heartbeat_ms: 20, simulator: { token_interval_ms: 20, agent_step_ms: 0 } });
    const query = `mutation { createInteraction(input: { model: "simulator", input: "count to 10" }) {
      ... on CreateInteractionSuccess { interaction { status } }
    } }`;
    const body = JSON.stringify({ query });
    const response = await fetch(`${patient.url}/graphql`, { method: "POST", headers: json, body });
    const text = await response.text();
    expect(text).toMatch(/^ {2,}\{/);
    expect(JSON.parse(text)).toEqual({ data: { createInteraction: { interaction: { status: "completed" } } } });
    await patient.close();
  });

  test("and REST see what each other does", async () => {
    const input = { model: "simulator", input: "Hello", labels: [{ key: "from", value: "graphql" }] };
    const { createInteraction } = await dataOf<{ createInteraction: { interaction: { id: string } } }>(
      hub.url,
      "mutation($input: CreateInteractionInput!) { createInteraction(input: $input) { ... on CreateInteractionSuccess { interaction { id } } } }",
      { input },
    );
    const { id } = createInteraction.interaction;
    const { body } = await ask(`/v1beta/interactions/${id}`);
    expect(body).toMatchObject({ id, status: "completed", labels: { from: "graphql" } });
    const { body: made } = await create(hub.url, {
      model: "simulator",
      input: "And you?",
      previous_interaction_id: id,
    });
    const { interaction } = await dataOf<{ interaction: object }>(
      hub.url,
      "query($id: ID!) { interaction(id: $id) { previous { id } } }",
      { id: made.id },
    );
    expect(interaction).toEqual({ previous: { id } });
  });
});

describe("an answer in several parts", () => {
  const query = "{ interactions(first: 1) { nodes { id ... @defer { outputText } } } }";

  test("comes as multipart to those who defer", async () => {
    const { type, text } = await post({ query }, { ...json, accept: "multipart/mixed" });
    expect(type).toBe("multipart/mixed");
    expect(text).toContain('"hasNext":true');
    expect(text).toContain('"incremental":[{"data":{"outputText":');
    expect(text.trimEnd().endsWith("-----")).toBe(true);
  });

  test("streams a list", async () => {
    const streamed = "{ interactions(first: 2) { nodes @stream(initialCount: 1) { id } } }";
    const { text } = await post({ query: streamed }, { ...json, accept: "text/event-stream" });
    expect(text).toContain('"incremental":[{"items":[{"id":');
    expect(text).toContain("event: complete");
  });
});

describe("GraphiQL", () => {
  const browser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

  test("comes whole from the package, with queries to begin with", async () => {
    const { status, type, text } = await ask("/graphql", { headers: browser });
    expect({ status, type }).toEqual({ status: 200, type: "text/html" });
    expect(text).toContain("Which tool fails most?");
    expect(text.match(/<(?:script|link|img)[^>]+(?:src|href)="https?:/g) ?? []).toEqual([]);
  });

  test("can be turned off, with the schema", async () => {
    const closed = await startTestHub({ graphql: { graphiql: false, introspection: false } });
    const page = await fetch(`${closed.url}/graphql`, { headers: browser });
    expect(page.headers.get("content-type")).not.toContain("text/html");
    await page.text();
    const { body } = await askGraphql(closed.url, "{ __schema { types { name } } }");
    expect(body.errors?.[0]?.message).toContain("introspection");
    await closed.close();
  });
});

describe("documents that a server knows", () => {
  let folder: string;
  let strict: RunningHub;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "documents-"));
    await writeFile(join(folder, "what.graphql"), "query What { __typename }");
    await writeFile(join(folder, "broken.graphql"), "{ nothing }");
    await writeFile(join(folder, "relay.json"), JSON.stringify({ abc: "{ __typename }" }));
    const operations = [{ id: "def", body: "{ __typename }", name: "A", type: "query" }];
    await writeFile(
      join(folder, "apollo.json"),
      JSON.stringify({ format: "apollo-persisted-query-manifest", version: 1, operations }),
    );
    strict = await startTestHub({ graphql: { persisted_documents: folder, persisted_only: true } });
  });
  afterAll(async () => {
    await strict.close();
    await rm(folder, { recursive: true });
  });

  const told = async (url: string, body: object) => {
    const response = await fetch(`${url}/graphql`, { method: "POST", headers: json, body: JSON.stringify(body) });
    return (await response.json()) as { data?: object; errors?: { message: string; extensions: { code: string } }[] };
  };
  const data = { __typename: "Query" };

  test("are named by their id, in either way, by POST and by GET", async () => {
    expect(await told(strict.url, { documentId: "what" })).toEqual({ data });
    expect(await told(strict.url, { extensions: { persistedQuery: { version: 1, sha256Hash: "what" } } })).toEqual({
      data,
    });
    expect(await (await fetch(`${strict.url}/graphql?documentId=what`)).json()).toEqual({ data });
    expect((await told(strict.url, { documentId: "broken" })).errors?.[0]?.message).toContain("nothing");
  });

  test("are the only ones where that is wanted", async () => {
    expect((await told(strict.url, { query: "{ __typename }" })).errors?.[0]?.extensions.code).toBe(
      "PERSISTED_DOCUMENTS_ONLY",
    );
    expect(await told(strict.url, { query: "query What { __typename }" })).toEqual({ data });
    expect((await told(strict.url, { documentId: "other" })).errors?.[0]?.extensions.code).toBe(
      "PERSISTED_QUERY_NOT_FOUND",
    );
  });

  test.each([
    ["relay.json", "abc"],
    ["apollo.json", "def"],
  ])("come from %s too, beside all others", async (file, documentId) => {
    const open = await startTestHub({ graphql: { persisted_documents: join(folder, file) } });
    expect(await told(open.url, { documentId })).toEqual({ data });
    expect(await told(open.url, { query: "{ __typename }" })).toEqual({ data });
    await open.close();
  });

  test("that cannot be read keep the server from starting", async () => {
    const start = startTestHub({ graphql: { persisted_documents: join(folder, "nowhere") } });
    await expect(start).rejects.toThrow("graphql.persisted_documents: cannot read");
  });
});

import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { ConnectionLost } from "../../../../server/commands/client/client-failure.ts";
import { createHubClient } from "../../../../server/commands/client/hub-client.ts";

const cleanUps: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

async function addressOf(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUps.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function clientOf(listener: RequestListener, key?: string) {
  return createHubClient(await addressOf(listener), key);
}

async function firstOf(stream: AsyncGenerator<unknown>): Promise<unknown> {
  for await (const one of stream) return one;
  return undefined;
}

test("what answers and is no hub is told to be none", async () => {
  const client = await clientOf((_request, response) => response.end("<html>hello</html>"));
  await expect(client.ask("GET", "/v1beta/models")).rejects.toThrow("is no Interactions Hub");
  const strange = await clientOf((_request, response) => response.writeHead(418).end());
  await expect(strange.ask("GET", "/v1beta/models")).rejects.toThrow("the hub answered with status 418");
  const page = await clientOf((_request, response) => response.setHeader("content-type", "text/html").end("<p>hello"));
  await expect(firstOf(page.stream("GET", "/v1beta/interactions/x"))).rejects.toThrow("is no Interactions Hub");
  const empty = await clientOf((_request, response) => response.end("{}"));
  await expect(empty.query("{ models { name } }")).rejects.toThrow("is no Interactions Hub");
});

test("a redirect is told and not followed: nobody else gets the key", async () => {
  const visitors: unknown[] = [];
  const other = await addressOf((request, response) => {
    visitors.push(request.headers["x-goog-api-key"]);
    response.end("{}");
  });
  const listener: RequestListener = (request, response) =>
    response.writeHead(307, { location: `${other}/there${request.url}` }).end();
  const client = await clientOf(listener, "sesame");
  const told = `${client.url} redirects to ${other}/there; if that is the hub, name that address with --url`;
  await expect(client.ask("GET", "/v1beta/models")).rejects.toThrow(told);
  await expect(client.query("{ models { name } }")).rejects.toThrow(told);
  await expect(firstOf(client.stream("POST", "/v1beta/interactions", {}))).rejects.toThrow(told);
  const nowhere = await clientOf((_request, response) => response.writeHead(302).end());
  await expect(nowhere.ask("GET", "/")).rejects.toThrow("is no Interactions Hub (it redirects to nowhere)");
  expect(visitors).toEqual([]);
});

test("that there is no interaction is told by the hub alone, and no other thing that is not there is one", async () => {
  const exitCodeOf = async (body: string) => {
    const client = await clientOf((_request, response) => response.writeHead(404).end(body));
    return client.ask("GET", "/v1beta/interactions/x").catch((error: unknown) => error);
  };
  const hubs = (message: string) => JSON.stringify({ error: { code: "not_found", message } });
  expect(await exitCodeOf(hubs("Interaction 'x' was not found."))).toMatchObject({ exitCode: 3 });
  expect(await exitCodeOf(hubs("There is no GET /x here."))).toMatchObject({ exitCode: 1 });
  for (const other of ["<h1>404</h1>", "{}", '{"error": {"code": 404, "message": "Not Found"}}']) {
    const message = expect.stringContaining("is no Interactions Hub (status 404)");
    expect(await exitCodeOf(other)).toMatchObject({ exitCode: 1, message });
  }
});

test("behind a path, GraphQL is where a proxy takes the path away, else at the root of a hub that sees it", async () => {
  const asked: (string | undefined)[] = [];
  const stripping = await addressOf((request, response) => {
    asked.push(request.url);
    response.end('{"data": {}}');
  });
  await createHubClient(`${stripping}/some`, undefined).query("{ models { name } }");
  expect(asked).toEqual(["/some/graphql"]);

  asked.length = 0;
  const hub = await addressOf((request, response) => {
    asked.push(request.url);
    if (request.url === "/graphql") response.end('{"data": {}}');
    else {
      const error = { code: "not_found", message: `There is no POST ${request.url} here.` };
      response.writeHead(404).end(JSON.stringify({ error }));
    }
  });
  const client = createHubClient(`${hub}/some`, undefined);
  await client.query("{ models { name } }");
  await client.query("{ models { name } }");
  expect(asked).toEqual(["/some/graphql", "/graphql", "/graphql"]);
});

test("what a gateway says while the hub is away may be tried again; what the hub says itself may not", async () => {
  const away = await clientOf((_request, response) => response.writeHead(502).end("Bad Gateway"));
  await expect(away.ask("GET", "/")).rejects.toBeInstanceOf(ConnectionLost);
  const error = JSON.stringify({ error: { code: "service_unavailable", message: "Too busy \u{1B}[31m." } });
  const busy = await clientOf((_request, response) => response.writeHead(503).end(error));
  const refusal: unknown = await busy.ask("GET", "/").catch((reason: unknown) => reason);
  expect(refusal).not.toBeInstanceOf(ConnectionLost);
  expect(refusal).toMatchObject({ message: "Too busy ␛[31m.", exitCode: 1 });
});

test("the key goes along in a header, and never in an address", async () => {
  const seen: [string | undefined, string | string[] | undefined][] = [];
  const listener: RequestListener = (request, response) => {
    seen.push([request.url, request.headers["x-goog-api-key"]]);
    response.end('{"data": {}}');
  };
  await (await clientOf(listener, "sesame")).query("{ models { name } }");
  await (await clientOf(listener)).ask("DELETE", "/v1beta/interactions/x");
  expect(seen).toEqual([
    ["/graphql", "sesame"],
    ["/v1beta/interactions/x", undefined],
  ]);
});

test("nobody there is told with the address", async () => {
  const client = await clientOf(() => {});
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
  await expect(client.ask("GET", "/")).rejects.toThrow(
    /cannot reach the hub at http:\/\/127.0.0.1:\d+ \(ECONNREFUSED\)/,
  );
});

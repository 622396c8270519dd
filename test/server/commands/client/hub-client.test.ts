import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { ConnectionLost, createHubClient } from "../../../../server/commands/client/hub-client.ts";

const cleanUps: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

async function clientOf(listener: RequestListener, key?: string) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUps.push(() => server.close());
  return createHubClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, key);
}

test("what answers and is no hub is told to be none", async () => {
  const client = await clientOf((_request, response) => response.end("<html>hello</html>"));
  await expect(client.ask("GET", "/v1beta/models")).rejects.toThrow("is no Interactions Hub");
  const strange = await clientOf((_request, response) => response.writeHead(418).end());
  await expect(strange.ask("GET", "/v1beta/models")).rejects.toThrow("the hub answered with status 418");
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
    response.end("{}");
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

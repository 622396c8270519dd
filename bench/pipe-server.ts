import { Agent, createServer, request as sendRequest } from "node:http";
import type { AddressInfo } from "node:net";

// The least that any server in Node must do to stand between a client and an upstream: hand both sides' bytes on as they
// come. The argument is the upstream's address.

const { hostname, port } = new URL(process.argv[2] ?? "");
const agent = new Agent({ keepAlive: true });

const server = createServer((request, response) => {
  const { method, url: path, headers } = request;
  const outgoing = sendRequest({ agent, hostname, port, method, path, headers }, (reply) => {
    response.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(response);
  });
  outgoing.once("error", () => response.destroy());
  response.once("close", () => {
    if (!response.writableFinished) outgoing.destroy();
  });
  request.pipe(outgoing);
});

server.listen(0, "127.0.0.1", () => {
  console.log(`listens on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

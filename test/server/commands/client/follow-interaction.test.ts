import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { followInteraction } from "../../../../server/commands/client/follow-interaction.ts";
import { createHubClient } from "../../../../server/commands/client/hub-client.ts";

const cleanUps: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

async function following(listener: RequestListener): Promise<unknown> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUps.push(() => server.close());
  const client = createHubClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, undefined);
  const followed = { kind: "existing", id: "v1_x", after: undefined } as const;
  try {
    for await (const _event of followInteraction(client, followed, {
      lost: () => {},
      flags: " --db 'my file'",
      longestPause: 1,
    }));
    return undefined;
  } catch (error) {
    return error;
  }
}

test.each(["{broken", "5", '{"no": "event"}'])("a stream with %s is no hub's, and is not tried again", async (data) => {
  let connections = 0;
  const error = await following((_request, response) => {
    connections += 1;
    response.setHeader("content-type", "text/event-stream").end(`data: ${data}\n\n`);
  });
  expect(error).toMatchObject({ message: expect.stringContaining("is no Interactions Hub"), exitCode: 1 });
  expect(connections).toBe(1);
});

test("given up at last, it says how to go on, from where and with which hub", async () => {
  let connections = 0;
  const error = await following((_request, response) => {
    connections += 1;
    if (connections > 1) response.destroy();
    else {
      const event = { event_type: "interaction.created", event_id: "e1", interaction: { id: "v1_x" } };
      response.setHeader("content-type", "text/event-stream").end(`data: ${JSON.stringify(event)}\n\n`);
    }
  });
  expect(error).toMatchObject({
    message: expect.stringMatching(/go on later with interactions-hub tail v1_x --after e1 --db 'my file'$/),
  });
});

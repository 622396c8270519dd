import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningHub } from "../../../server/configuration/running-hub.ts";
import { startTestHub } from "../../cases/start-test-hub.ts";

let hub: RunningHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub.close());

/** Everything that comes back for some bytes, until the server closes the connection. */
function answerTo(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(hub.port, "127.0.0.1", () => socket.write(bytes));
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(answer));
  });
}

describe("what is no valid HTTP", () => {
  test.each([
    ["a line that is no request", "hello\r\n\r\n", "400 Bad Request"],
    ["headers beyond every measure", `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${"a".repeat(70_000)}\r\n\r\n`, "413 "],
  ])("is answered in the shape of every other error: %s", async (_name, bytes, status) => {
    const answer = await answerTo(bytes);
    expect(answer.startsWith(`HTTP/1.1 ${status}`)).toBe(true);
    expect(JSON.parse(answer.split("\r\n\r\n")[1] ?? "")).toEqual({
      error: { code: "invalid_request", message: expect.any(String) },
    });
  });
});

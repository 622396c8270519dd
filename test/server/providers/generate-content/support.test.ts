import { afterAll, beforeAll } from "vitest";
import { generateContentSupport } from "../../../../server/providers/generate-content/support.ts";
import { composedAnswer, generateContentProvider } from "../../../cases/generate-content-provider.ts";
import { eventsOf } from "../../../cases/provider.ts";
import { type ReplayServer, startReplayServer, streamResponse } from "../../../cases/replay-server.ts";
import { describeSupport } from "../../../cases/support.ts";

let server: ReplayServer;
beforeAll(async () => {
  server = await startReplayServer(() => ({ response: streamResponse(composedAnswer("text")) }));
});
afterAll(() => server.close());

describeSupport("generateContent", {
  provider: generateContentProvider("http://127.0.0.1:9"),
  table: generateContentSupport,
  async sentFor(call) {
    // What a feature becomes is told for the models that can most.
    const events = await eventsOf(generateContentProvider(server.url), { ...call, model: "gemini-3.8-flash" });
    const degradations = events.flatMap((event) => (event.type === "degraded" ? event.degradations : []));
    return { body: server.requests.at(-1)?.body ?? "", degradations };
  },
});

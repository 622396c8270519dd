import { afterAll } from "vitest";
import { geminiSupport } from "../../../../server/providers/gemini/support.ts";
import { connectGemini, recordedEvents, streamOf } from "../../../cases/gemini-provider.ts";
import { eventsOf } from "../../../cases/provider.ts";
import { startReplayServer, streamResponse } from "../../../cases/replay-server.ts";
import { describeSupport } from "../../../cases/support.ts";

const server = await startReplayServer(() => ({ response: streamResponse(streamOf(recordedEvents("basic"))) }));
afterAll(() => server.close());
const provider = connectGemini(server.url);

describeSupport("gemini", {
  provider,
  table: geminiSupport,
  async sentFor(call) {
    const events = await eventsOf(provider, call);
    return {
      body: server.requests.at(-1)?.body ?? "",
      degradations: events.flatMap((event) => (event.type === "degraded" ? event.degradations : [])),
    };
  },
});

import type { JsonObject } from "../../../../schema/core/json.ts";
import { openaiResponsesSupport } from "../../../../server/providers/openai-responses/support.ts";
import { eventsOf } from "../../../cases/provider.ts";
import { startReplayServer, streamResponse } from "../../../cases/replay-server.ts";
import { answerEvents, streamOf } from "../../../cases/responses-events.ts";
import { describeSupport } from "../../../cases/support.ts";
import { connect } from "./connect.ts";

const server = await startReplayServer(({ json }) => {
  const { tools = [] } = json as { tools?: JsonObject[] };
  return { response: streamResponse(streamOf(answerEvents({ output: [], tools }))) };
});
const provider = connect(server.url);

describeSupport("openai-responses", {
  provider,
  table: openaiResponsesSupport,
  async sentFor(call) {
    const events = await eventsOf(provider, call);
    return {
      body: server.requests.at(-1)?.body ?? "",
      degradations: events.flatMap((event) => (event.type === "degraded" ? event.degradations : [])),
    };
  },
});

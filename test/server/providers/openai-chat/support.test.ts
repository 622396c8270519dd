import { afterAll, beforeAll } from "vitest";
import type { Provider } from "../../../../schema/provider.ts";
import { createOpenaiChatProvider } from "../../../../server/providers/openai-chat/provider.ts";
import { openaiChatSupport } from "../../../../server/providers/openai-chat/support.ts";
import { recordedReply } from "../../../cases/chat-chunks.ts";
import { eventsOf } from "../../../cases/provider.ts";
import { createTestContext, upstreamAt } from "../../../cases/provider-context.ts";
import { type ReplayServer, startReplayServer } from "../../../cases/replay-server.ts";
import { describeSupport } from "../../../cases/support.ts";

const media = { data: "iVBORw0KGgo=" };
const context = createTestContext({
  "https://media.example/marked.audio": media,
  "https://media.example/marked.document": media,
});
let server: ReplayServer;
let provider: Provider;

beforeAll(async () => {
  server = await startReplayServer(() => ({ response: recordedReply("chat-text-stream") }));
  provider = createOpenaiChatProvider(upstreamAt("openai-chat", `${server.url}/v1`), context);
});
afterAll(async () => {
  await context.close();
  await server.close();
});

describeSupport("openai-chat", {
  provider: {
    name: "local",
    refuse: (call) => provider.refuse(call),
    models: () => provider.models(),
    run: (call, signal) => provider.run(call, signal),
  },
  table: openaiChatSupport,
  async sentFor(call) {
    const events = await eventsOf(provider, call);
    const degradations = events.flatMap((event) => (event.type === "degraded" ? event.degradations : []));
    return { body: server.requests.at(-1)?.body ?? "", degradations };
  },
});

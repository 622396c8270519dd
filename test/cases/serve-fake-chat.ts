import { startFakeChatServer } from "./fake-openai-chat.ts";

// The fake chat server in a process of its own, for tests that are not written in this language; it ends when it is told to.

const { url } = await startFakeChatServer();
process.stdout.write(`listens on ${url}\n`);

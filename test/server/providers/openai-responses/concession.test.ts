import { describe, expect, it } from "vitest";
import type { ModelCall } from "../../../../schema/provider.ts";
import { callOf, eventsOf, foldOf } from "../../../cases/provider.ts";
import { jsonResponse, streamResponse } from "../../../cases/replay-server.ts";
import { answerEvents, type ComposedItem, streamOf } from "../../../cases/responses-events.ts";
import { connect } from "./connect.ts";
import { stepsOf } from "./history.ts";
import { replaying } from "./replaying.ts";
import { message, reasoning, replyOf } from "./samples.ts";

const replay = replaying();

describe("a model that does not take all of a request", () => {
  const refusing = (param: string, message: string): string =>
    jsonResponse(400, { error: { message, type: "invalid_request_error", param, code: null } });
  const asked: ModelCall = callOf("m", "Hello", {
    tools: [{ type: "google_search" }],
    generation_config: { temperature: 0.5, thinking_level: "low", thinking_summaries: "auto" },
  });

  it("is asked without it, which is told, and not asked for it again", async () => {
    const searched = (text: string): string =>
      streamResponse(streamOf(answerEvents({ output: [message(text)], tools: [{ type: "web_search" }] })));
    const { url, requests } = await replay(
      { response: refusing("temperature", "Unsupported parameter: 'temperature' is not supported with this model.") },
      { response: refusing("include", "Encrypted content is not supported with this model.") },
      { response: refusing("reasoning.effort", "Unsupported parameter: 'reasoning.effort' is not supported.") },
      { response: searched("One.") },
      { response: searched("Two.") },
    );
    const provider = connect(url);
    for (const text of ["One.", "Two."]) {
      const { degraded, output } = foldOf(await eventsOf(provider, asked));
      expect(output).toMatchObject([{ content: [{ text }] }]);
      expect(new Set(degraded?.map(({ field }) => field))).toEqual(
        new Set(["generation_config.temperature", "generation_config.thinking_level", "tools"]),
      );
    }
    expect(requests).toHaveLength(5);
    expect(requests[4]?.json).toMatchObject({ reasoning: { summary: "auto" } });
    for (const member of ["temperature", "include"]) expect(requests[4]?.json).not.toHaveProperty(member);
  });

  it("is asked without thoughts that it cannot read, in this conversation only", async () => {
    const { output } = foldOf(
      await eventsOf(
        connect((await replay({ response: replyOf(reasoning, message("Hm.")) })).url),
        callOf("m", "Hello"),
      ),
    );
    const unreadable = "The encrypted content gAAA could not be verified.";
    const { url, requests } = await replay(
      { response: jsonResponse(400, { error: { message: unreadable, code: "invalid_encrypted_content" } }) },
      { response: replyOf(message("Still here.")) },
      { response: replyOf(message("And here.")) },
    );
    const provider = connect(url);
    const next = callOf("m", "Go on", {}, [{ type: "user_input", content: [{ type: "text", text: "Hi" }] }, ...output]);
    expect(foldOf(await eventsOf(provider, next)).degraded).toMatchObject([{ field: "history" }]);
    await eventsOf(provider, next);
    const types = requests.map(({ json }) => (json as { input: { type: string }[] }).input.map(({ type }) => type));
    expect(types).toEqual([
      ["message", "reasoning", "message", "message"],
      ["message", "message", "message"],
      ["message", "reasoning", "message", "message"],
    ]);
  });

  it("is asked without what its tools did where that counts for nothing without the thoughts", async () => {
    const search: ComposedItem = { type: "web_search_call", id: "ws_1", status: "completed", action: { query: "a" } };
    const missing = "Item 'ws_1' of type 'web_search_call' was provided without its required 'reasoning' item: 'rs_1'.";
    const { url, requests } = await replay(
      { response: refusing("input", "The encrypted content could not be verified.") },
      { response: refusing("input", missing) },
      { response: replyOf(message("Still here.")) },
    );
    const history = stepsOf([reasoning, search, message("Found.")]);
    const { output, degraded } = foldOf(await eventsOf(connect(url), callOf("m", "Go on", {}, history)));
    expect(output).toMatchObject([{ content: [{ text: "Still here." }] }]);
    expect(degraded?.map(({ field }) => field)).toEqual(["history", "history"]);
    expect(requests.map(({ json }) => (json as { input: object[] }).input.length)).toEqual([4, 3, 2]);
  });

  it("thinks a little where it cannot think as little as asked", async () => {
    const message400 = "Unsupported value: 'minimal' is not supported with the 'gpt-x' model.";
    const { url, requests } = await replay(
      { response: refusing("reasoning.effort", message400) },
      { response: replyOf(message("One.")) },
      { response: replyOf(message("Two.")) },
    );
    const provider = connect(url);
    const levels = ["minimal", "high"] as const;
    for (const thinking_level of levels)
      await eventsOf(provider, callOf("m", "Hello", { generation_config: { thinking_level } }));
    const efforts = requests.map(({ json }) => (json as { reasoning: { effort: string } }).reasoning.effort);
    expect(efforts).toEqual(["minimal", "low", "high"]);
  });

  it("that may never have heard of a tool is told of", async () => {
    const { url } = await replay({ response: replyOf(message("I know it by heart.")) });
    const events = await eventsOf(connect(url), callOf("m", "Search", { tools: [{ type: "google_search" }] }));
    expect(foldOf(events).degraded).toMatchObject([
      { field: "tools[0]", message: expect.stringContaining("web_search") },
    ]);
  });

  it("fails where it refuses what the answer cannot do without", async () => {
    const { url, requests } = await replay({ response: refusing("tools[0].type", "Invalid value: 'web_search'.") });
    await expect(eventsOf(connect(url), asked)).rejects.toMatchObject({ code: "invalid_request" });
    expect(requests).toHaveLength(1);
  });
});

import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../schema/core/json.ts";
import type { Step, ToolOutcome } from "../../../../schema/core/step.ts";
import { saying } from "../../../cases/provider.ts";
import {
  answeredPart,
  answerStep,
  calledPart,
  callStep,
  modelParts,
  resultStep,
  signatureOf,
  toldContents,
  userParts,
} from "../../../cases/told-contents.ts";

describe("a chain in the words of generateContent", () => {
  it("has the two roles in turn, whatever steps they are made of", () => {
    const { contents, degradations } = toldContents({
      history: [saying("One"), saying("Two"), answerStep("Yes"), answerStep("No"), answerStep("")],
    });
    expect(contents).toEqual([
      userParts({ text: "One" }, { text: "Two" }),
      modelParts({ text: "Yes" }, { text: "No" }),
      userParts({ text: "And now?" }),
    ]);
    expect(degradations).toEqual([]);
  });

  it("answers parallel calls together and in their order, right after them", () => {
    const { contents, degradations } = toldContents({
      history: [saying("Go"), callStep("a", { signature: signatureOf("c2ln", "gemini") }), callStep("b")],
      input: [resultStep("b"), resultStep("a"), saying("And now?")],
    });
    expect(contents).toEqual([
      userParts({ text: "Go" }),
      modelParts({ functionCall: calledPart("a"), thoughtSignature: "c2ln" }, { functionCall: calledPart("b") }),
      userParts({ functionResponse: answeredPart("a") }, { functionResponse: answeredPart("b") }, { text: "And now?" }),
    ]);
    expect(degradations).toEqual([]);
  });

  it("gives the documented stand-in to the first call of each turn that has no signature, from Gemini 3 on", () => {
    const history = [
      saying("Go"),
      callStep("a"),
      callStep("b"),
      resultStep("a"),
      resultStep("b"),
      callStep("c"),
      resultStep("c"),
    ];
    const signed = (name: string) =>
      toldContents({ history, model: name }).contents.map(({ parts }) => parts.map((part) => part.thoughtSignature));
    const standIn = "skip_thought_signature_validator";
    expect(signed("gemini-3.8-flash")).toEqual([
      [undefined],
      [standIn, undefined],
      [undefined, undefined],
      [standIn],
      [undefined, undefined],
    ]);
    expect(signed("models/gemini-flash-latest").flat()).toContain(standIn);
    expect(signed("gemini-2.5-pro").flat()).not.toContain(standIn);
    expect(signed("gemma-3-27b-it").flat()).not.toContain(standIn);
  });

  it("tells of a call that nobody answered, and of a result that answers none", () => {
    const { contents, degradations } = toldContents({
      history: [saying("Go"), callStep("a")],
      input: [saying("Never mind")],
    });
    expect(contents.at(-1)).toEqual(
      userParts(
        {
          functionResponse: {
            id: "a",
            name: "look_up",
            response: { error: "No result was given for this call." },
          },
        },
        { text: "Never mind" },
      ),
    );
    expect(degradations).toEqual([{ field: "history[1]", message: expect.stringContaining("'gemini' is told that") }]);

    const orphan = toldContents({ history: [saying("Go")], input: [resultStep("x")] });
    expect(orphan.contents).toEqual([userParts({ text: "Go" }, { text: expect.stringContaining("x done") })]);
    expect(orphan.degradations).toEqual([{ field: "input[0]", message: expect.any(String) }]);
  });

  it("gives a call whose arguments were cut as text, with its result", () => {
    const cut: Step = { type: "tool_call", tool: "function", call_id: "a", name: "f", arguments_text: '{"x":' };
    const { contents, degradations } = toldContents({ history: [saying("Go"), cut, resultStep("a")] });
    expect(contents).toEqual([
      userParts({ text: "Go" }),
      modelParts({ text: expect.stringContaining('{"x":') }),
      userParts({ text: expect.stringContaining("a done") }, { text: "And now?" }),
    ]);
    expect(degradations.map(({ field }) => field)).toEqual(["history[1]", "history[2]"]);
  });

  it("gives the tools of MCP servers as functions, under the name by which they were offered", () => {
    const mcp = { tool: "mcp_server", name: "find", server_name: "files" } as const;
    const { contents, degradations } = toldContents({
      history: [saying("Go"), callStep("a", mcp), { ...mcp, type: "tool_result", call_id: "a" }],
      model: "gemini-2.5-flash",
    });
    expect(contents.slice(1)).toEqual([
      modelParts({ functionCall: { id: "a", name: "files__find", args: { id: "a" } } }),
      userParts({ functionResponse: { id: "a", name: "files__find", response: { output: "" } } }, { text: "And now?" }),
    ]);
    expect(degradations).toEqual([]);
  });

  it.each<[string, ToolOutcome, JsonObject]>([
    ["a text", { type: "text", text: "done" }, { output: "done" }],
    ["an object", { type: "json", json: { degrees: 7 } }, { degrees: 7 }],
    ["a list", { type: "json", json: [1, 2] }, { output: [1, 2] }],
    ["an object that would be read as something else", { type: "json", json: { error: 1 } }, { output: { error: 1 } }],
  ])("gives %s as a response", (_, outcome, response) => {
    const { contents } = toldContents({ history: [saying("Go"), callStep("a")], input: [resultStep("a", outcome)] });
    expect(contents.at(-1)).toEqual(userParts({ functionResponse: { id: "a", name: "look_up", response } }));
  });

  it("gives a failed result as an error", () => {
    const failed = { ...resultStep("a"), is_error: true } as Step;
    const { contents } = toldContents({ history: [saying("Go"), callStep("a")], input: [failed] });
    expect(contents.at(-1)?.parts[0]?.functionResponse?.response).toEqual({ error: "a done" });
  });

  it("puts the media of a result inside it from Gemini 3 on, and after it before", () => {
    const image = { type: "image", mime_type: "image/png", data: "AAAA" } as const;
    const outcome: ToolOutcome = { type: "content", content: [{ type: "text", text: "See" }, image] };
    const history = [saying("Go"), callStep("a")];
    const inlineData = { mimeType: "image/png", data: "AAAA" };
    const inside = toldContents({ history, input: [resultStep("a", outcome)] });
    expect(inside.contents.at(-1)).toEqual(
      userParts({ functionResponse: { ...answeredPart("a", "See"), parts: [{ inlineData }] } }),
    );
    expect(inside.degradations).toEqual([]);
    const beside = toldContents({ history, input: [resultStep("a", outcome)], model: "gemini-2.5-flash" });
    expect(beside.contents.at(-1)).toEqual(userParts({ functionResponse: answeredPart("a", "See") }, { inlineData }));
    expect(beside.degradations).toEqual([{ field: "input[0]", message: expect.stringContaining("follow it") }]);
  });
});

describe("what somebody else made", () => {
  it("is left out if it is a thought, and told", () => {
    const foreign: Step = {
      type: "thought",
      summary: [{ type: "text", text: "Hm." }],
      signature: signatureOf("c2ln", "other"),
    };
    const unsigned: Step = { type: "thought", summary: [{ type: "text", text: "Hm." }] };
    const { contents, degradations } = toldContents({
      history: [saying("Go"), foreign, answerStep("Yes"), unsigned, { type: "thought" }],
      history_by: ["other", "other", "other", "other", "other"],
    });
    expect(contents).toEqual([userParts({ text: "Go" }), modelParts({ text: "Yes" }), userParts({ text: "And now?" })]);
    expect(degradations.map(({ field }) => field)).toEqual(["history[1]", "history[3]"]);
    expect(degradations[0]?.message).toBe(
      "The upstream 'gemini' is not given the thoughts of another model, so this one was left out.",
    );
  });

  it("is text if it is a step of a tool, also where this upstream has that tool too", () => {
    const search = { tool: "google_search", call_id: "s" } as const;
    const { contents, degradations } = toldContents({
      history: [
        saying("Go"),
        { ...search, type: "tool_call", arguments: { queries: ["tall towers"] }, signature: signatureOf("x", "other") },
        { ...search, type: "tool_result", result: { type: "json", json: [{ title: "Tower" }] } },
        answerStep("Done."),
      ],
      history_by: ["other", "other", "other", "other"],
    });
    expect(contents).toEqual([
      userParts({ text: "Go" }),
      modelParts(
        { text: expect.stringContaining("tall towers") },
        { text: expect.stringContaining("Tower") },
        { text: "Done." },
      ),
      userParts({ text: "And now?" }),
    ]);
    expect(degradations).toEqual([
      { field: "history[1]", message: expect.stringContaining("'google_search' of another upstream as text") },
      { field: "history[2]", message: expect.any(String) },
    ]);
  });

  it("has no signature that goes to this upstream, whoever replays it", () => {
    const sealed = Buffer.from(JSON.stringify({ upstream: "other", item: {} })).toString("base64");
    for (const foreign of [signatureOf("c2VjcmV0", "other"), signatureOf(sealed)]) {
      const steps: Step[] = [
        { type: "thought", signature: foreign },
        callStep("a", { signature: foreign }),
        resultStep("a"),
        { type: "tool_call", tool: "code_execution", call_id: "c", arguments: { code: "1" }, signature: foreign },
      ];
      expect(JSON.stringify(toldContents({ input: steps }).contents)).not.toContain(foreign.value);
    }
    const anonymous: Step = { type: "thought", signature: signatureOf("YW5vbg==") };
    const replayed = (by: string) =>
      toldContents({ history: [saying("Go"), anonymous, answerStep("Yes")], history_by: [by, by, by] }).contents[1];
    expect(replayed("other")).toEqual(modelParts({ text: "Yes" }));
    expect(replayed("gemini")).toEqual(modelParts({ text: "Yes", thoughtSignature: "YW5vbg==" }));
  });
});

describe("a call that says nothing", () => {
  it("is refused before it is sent", () => {
    expect(() => toldContents({ input: [saying("")] })).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });
});

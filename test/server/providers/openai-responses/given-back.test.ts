import { describe, expect, it } from "vitest";
import type { Step } from "../../../../schema/core/step.ts";
import { foldOf } from "../../../cases/provider.ts";
import { answerEvents, type ComposedItem } from "../../../cases/responses-events.ts";
import { itemsFor, stepsOf } from "./history.ts";
import { message, newReader, reasoning } from "./samples.ts";

const png = "iVBORw0KGgo=";

const search: ComposedItem = {
  type: "web_search_call",
  id: "ws_1",
  status: "completed",
  action: {
    type: "search",
    query: "mayor of Porto",
    queries: ["mayor of Porto", "Porto câmara"],
    sources: [{ type: "url", url: "https://porto.example" }],
    future_member: { kept: true },
  },
};
const page: ComposedItem = {
  type: "web_search_call",
  id: "ws_2",
  status: "completed",
  action: { type: "find_in_page", url: "https://porto.example", pattern: "mayor" },
};
const files: ComposedItem = {
  type: "file_search_call",
  id: "fs_1",
  status: "completed",
  queries: ["embedding"],
  results: [{ file_id: "file-1", filename: "ai.pdf", score: 0.9, text: "An embedding…", attributes: {} }],
};
const code: ComposedItem = {
  type: "code_interpreter_call",
  id: "ci_1",
  status: "completed",
  container_id: "cntr_1",
  code: "print(6 * 7)",
  outputs: [{ type: "logs", logs: "42" }],
};
const drawing: ComposedItem = {
  type: "code_interpreter_call",
  id: "ci_2",
  status: "failed",
  container_id: "cntr_1",
  code: "plot()",
  outputs: [
    { type: "logs", logs: "drawn" },
    { type: "image", url: `data:image/png;base64,${png}` },
    { type: "image", url: "https://files.example/plot.png" },
  ],
};
const image: ComposedItem = {
  type: "image_generation_call",
  id: "ig_1",
  status: "completed",
  output_format: "webp",
  revised_prompt: "A boat.",
  result: png,
};
const mcp: ComposedItem = {
  type: "mcp_call",
  id: "mcp_1",
  status: "completed",
  server_label: "s",
  name: "look",
  arguments: "{}",
  output: "seen",
  error: null,
};
const shell: ComposedItem = { type: "shell_call_output", id: "sho_1", call_id: "call_9", output: [{ stdout: "ok" }] };

describe("what the upstream's own tools did", () => {
  it("becomes the steps of Google's tools", () => {
    expect(stepsOf([search])).toMatchObject([
      {
        type: "tool_call",
        tool: "google_search",
        call_id: "ws_1",
        arguments: { queries: ["mayor of Porto", "Porto câmara"] },
      },
      {
        type: "tool_result",
        tool: "google_search",
        call_id: "ws_1",
        result: { type: "json", json: [{ url: "https://porto.example" }] },
      },
    ]);
    expect(stepsOf([page])).toMatchObject([
      { tool: "url_context", arguments: { urls: ["https://porto.example"], pattern: "mayor" } },
      { tool: "url_context", result: { json: [{ url: "https://porto.example", status: "success" }] } },
    ]);
    expect(stepsOf([files])).toMatchObject([
      { tool: "file_search", arguments: { queries: ["embedding"] } },
      { tool: "file_search", result: { type: "json", json: files.results } },
    ]);
    expect(stepsOf([code])).toMatchObject([
      { tool: "code_execution", arguments: { language: "PYTHON", code: "print(6 * 7)" } },
      { tool: "code_execution", result: { type: "text", text: "42" } },
    ]);
  });

  it("says that code failed, and shows what it drew", () => {
    expect(stepsOf([drawing])[1]).toMatchObject({
      is_error: true,
      result: {
        type: "content",
        content: [
          { type: "text", text: "drawn" },
          { type: "image", mime_type: "image/png", data: png },
          { type: "image", uri: "https://files.example/plot.png" },
        ],
      },
    });
  });

  it("tells code before it has run", () => {
    const events = answerEvents({ output: [code] });
    const running = events.findIndex(({ type }) => type.endsWith(".interpreting"));
    const reader = newReader();
    const said = reader.read(events.slice(0, running).map((event) => ({ data: JSON.stringify(event) })));
    expect(foldOf(said).output).toMatchObject([{ tool: "code_execution", arguments: { code: "print(6 * 7)" } }]);
  });

  it("counts how often the web was searched", () => {
    const reader = newReader();
    const events = answerEvents({ output: [search, page, { ...search, id: "ws_3" }] });
    const { usage } = foldOf(reader.read(events.map((event) => ({ data: JSON.stringify(event) }))));
    expect(usage?.grounding_tool_count).toEqual([{ type: "google_search", count: 2 }]);
  });

  it("shows an image that was made, and keeps what else is known of it", () => {
    const { result: _, ...rest } = image;
    expect(stepsOf([image])).toMatchObject([
      { type: "tool_call", tool: "other", call_id: "ig_1", raw: rest },
      { type: "model_output", content: [{ type: "image", mime_type: "image/webp", data: png }] },
    ]);
  });

  it("keeps items of unknown types whole", () => {
    expect(stepsOf([mcp, shell])).toMatchObject([
      { type: "tool_call", tool: "other", call_id: "mcp_1", raw: mcp },
      { type: "tool_result", tool: "other", call_id: "call_9", raw: shell },
    ]);
  });
});

const all = [reasoning, search, page, files, code, drawing, image, mcp, shell];

describe("a turn in the history", () => {
  it.each(all.map((item) => [item.type, item] as const))("is given back as it was: %s", (_, item) => {
    const { items, degradations } = itemsFor(stepsOf([item, message("So.")]));
    expect(items[0]).toEqual(item);
    expect(degradations).toEqual([]);
  });

  it("is given back in its order, without the ids under which nothing is stored", () => {
    const call: ComposedItem = {
      type: "function_call",
      id: "fc_1",
      call_id: "call_1",
      name: "f",
      arguments: '{"a":1}',
    };
    const result: Step = {
      type: "tool_result",
      tool: "function",
      call_id: "call_1",
      result: { type: "text", text: "ok" },
    };
    const steps = [...stepsOf([reasoning, message("On it."), call]), result, ...stepsOf([message("Done.")])];
    const { id: _message, ...said } = message("On it.");
    const { id: _call, ...called } = call;
    const { id: _done, ...done } = message("Done.");
    expect(itemsFor(steps)).toEqual({
      items: [reasoning, said, called, { type: "function_call_output", call_id: "call_1", output: "ok" }, done],
      degradations: [],
    });
  });

  it("is given back by a client who keeps the history and says of no signature whose it is", () => {
    const [thought, ...rest] = stepsOf([reasoning, message("So.")]);
    if (thought?.type !== "thought" || thought.signature === undefined) throw new Error("no signature");
    const replayed: Step = { ...thought, signature: { value: thought.signature.value } };
    expect(itemsFor([replayed, ...rest]).items[0]).toEqual(reasoning);
    expect(itemsFor([replayed, ...rest], "another").items).toHaveLength(1);
    const claimed: Step = { ...replayed, signature: { ...thought.signature, provider: "another" } };
    expect(itemsFor([claimed, ...rest]).items).toHaveLength(1);
  });

  it("is never given to another upstream in the words of this one", () => {
    const { items, degradations } = itemsFor(stepsOf([...all, message("So.")]), "another");
    const said = JSON.stringify(items);
    for (const secret of ["gAAAA", "ws_1", "cntr_1", "upstream"]) expect(said).not.toContain(secret);
    expect(said).toContain("mayor of Porto");
    expect(said).toContain("print(6 * 7)");
    expect(items.every((item) => item.type === "message")).toBe(true);
    expect(new Set(degradations.map(({ field }) => field)).size).toBeGreaterThanOrEqual(all.length);
  });

  it("leaves out reasoning that led to nothing, because the upstream refuses it", () => {
    const { items, degradations } = itemsFor(stepsOf([reasoning]));
    expect(items).toEqual([]);
    expect(degradations).toMatchObject([{ field: "history[1]" }]);
  });

  it("keeps what its messages were for", () => {
    const { items } = itemsFor(stepsOf([{ ...message("Wait."), phase: "commentary" }]));
    expect(items).toMatchObject([{ role: "assistant", phase: "commentary" }]);
  });
});

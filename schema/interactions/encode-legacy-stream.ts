import { applyDelta, closeStep } from "../core/apply-delta.ts";
import type { Annotation, Content } from "../core/content.ts";
import type { Delta, LoggedEvent } from "../core/event.ts";
import type { Interaction } from "../core/interaction.ts";
import type { JsonObject } from "../core/json.ts";
import type { Step, Thought, ToolCall, ToolResult } from "../core/step.ts";
import { encodeContent } from "./encode-content.ts";
import { encodeBegin, encodeEnd, encodeStatus, type WirePayload } from "./encode-lifecycle.ts";
import { encodeStep } from "./encode-step.ts";
import { isLegacyAnnotation, legacyContent, legacyView } from "./legacy-view.ts";

/**
 * Core events to payloads of the legacy revision. A stream of blocks, one per content of `outputs`, so blocks have a
 * count of their own and one step may open several or, where the revision has no type for it (see `legacyView`), none. It
 * must be fed from the first event of the log.
 */
export function createLegacyStream(interaction: Interaction): (logged: LoggedEvent) => WirePayload[] {
  const blocks = createBlocks();
  let step: Step | undefined;

  function startStep(whole: Step): void {
    endStep();
    const started = legacyView(whole);
    step = started;
    switch (started?.type) {
      case undefined:
      case "user_input":
        return;
      case "model_output":
        // Its blocks open with the first thing that is said, because only that tells their type.
        for (const content of started.content) addContent(content);
        return;
      case "thought":
        startThought(started);
        return;
      case "tool_call":
      case "tool_result":
        blocks.open(toolShell(started));
        return;
      default:
        started satisfies never;
    }
  }

  function startThought({ summary = [], signature, ...rest }: Thought): void {
    blocks.open(encodeStep(rest));
    for (const content of summary) addSummary(content);
    if (signature !== undefined) blocks.add({ signature: signature.value, type: "thought_signature" });
  }

  function addContent(whole: Content): void {
    const content = legacyContent(whole);
    if (content === undefined) return;
    const { annotations, ...encoded } = encodeContent(content);
    blocks.open({ type: content.type });
    blocks.add(encoded);
    if (annotations !== undefined) blocks.add({ annotations, type: "text_annotation" });
  }

  function addSummary(whole: Content): void {
    const content = legacyContent(whole);
    if (content !== undefined) blocks.add({ content: encodeContent(content), type: "thought_summary" });
  }

  function addDelta(delta: Delta): void {
    switch (step?.type) {
      case undefined:
      case "user_input":
        return;
      case "model_output":
        addOutput(delta);
        return;
      case "thought":
        addThought(delta);
        return;
      case "tool_call":
      case "tool_result":
        // A tool's block is one whole object, so it waits until the step is whole.
        step = applyDelta(step, delta) ?? step;
        return;
      default:
        step satisfies never;
    }
  }

  function addOutput(delta: Delta): void {
    switch (delta.type) {
      case "text":
        continueText();
        blocks.add({ text: delta.text, type: "text" });
        return;
      case "annotations":
        continueText();
        addAnnotations(delta.annotations);
        return;
      case "content":
        addContent(delta.content);
        return;
      default:
        // Unknown members of a model_output have no object in this revision that could carry them.
        return;
    }
  }

  function addAnnotations(given: readonly Annotation[]): void {
    const annotations = given.filter(isLegacyAnnotation);
    if (annotations.length > 0) blocks.add({ annotations, type: "text_annotation" } as JsonObject);
  }

  function continueText(): void {
    if (blocks.type() !== "text") blocks.open({ type: "text" });
  }

  function addThought(delta: Delta): void {
    if (delta.type === "summary") addSummary(delta.content);
    else if (delta.type === "signature") blocks.add({ signature: delta.signature.value, type: "thought_signature" });
    else if (delta.type === "other") blocks.add(delta.raw);
  }

  function endStep(): void {
    if (step?.type === "tool_call" || step?.type === "tool_result") {
      const closed = legacyView(closeStep(step));
      if (closed !== undefined) blocks.add(encodeStep(closed));
    }
    blocks.close();
    step = undefined;
  }

  return ({ sequence, at, event }) => {
    switch (event.type) {
      case "status":
        return sequence === 1
          ? encodeBegin(interaction, event.status, "legacy")
          : [encodeStatus(interaction, event.status)];
      case "step.start":
        startStep(event.step);
        return blocks.take();
      case "step.delta":
        addDelta(event.delta);
        return blocks.take();
      case "step.stop":
        endStep();
        return blocks.take();
      case "finish":
        endStep();
        return [...blocks.take(), ...encodeEnd(interaction, event, at, "legacy")];
      // Who answers, and what it could not be given, is nothing that Google's wire has words for.
      case "upstream":
      case "degraded":
        return [];
      default:
        return event satisfies never;
    }
  };
}

/** The open block and the payloads that are ready. */
function createBlocks() {
  let index = -1;
  let type: string | undefined;
  let ready: WirePayload[] = [];

  function close(): void {
    if (type !== undefined) ready.push({ index, event_type: "content.stop" });
    type = undefined;
  }

  return {
    /** Type of the open block; `undefined` when none is open. */
    type: () => type,
    /** Closes the open block and opens the next one. */
    open(content: JsonObject): void {
      close();
      index += 1;
      type = String(content.type);
      ready.push({ index, content, event_type: "content.start" });
    },
    add(delta: JsonObject): void {
      ready.push({ index, delta, event_type: "content.delta" });
    },
    close,
    take(): WirePayload[] {
      const taken = ready;
      ready = [];
      return taken;
    },
  };
}

/** What a tool's block starts with: its type and whose call it is, no more. */
function toolShell(step: ToolCall | ToolResult): JsonObject {
  const { id, call_id, type = step.type } = encodeStep(step);
  return { ...(id === undefined ? {} : { id }), ...(call_id === undefined ? {} : { call_id }), type };
}

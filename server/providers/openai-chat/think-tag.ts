const OPEN = "<think>";
const CLOSE = "</think>";

/** Where the pieces of an answer go. */
export type ThinkSink = { text(text: string): void; thought(text: string): void };

/**
 * Tells thinking from answering where a local model writes both into its text: `<think>…</think>` at the very start. The
 * tags may come in pieces. Anything later is text, whatever it looks like.
 */
export class ThinkTag {
  #state: "start" | "opened" | "thinking" | "closed" | "text" = "start";
  #held = "";

  /** Whether every further piece is text, so that it need not pass through here. */
  get isOver(): boolean {
    return this.#state === "text";
  }

  take(piece: string, sink: ThinkSink): void {
    // Blanks do not decide anything, and are not looked at again: some models go on with them for ever.
    if (this.#state === "start" && piece.trim() === "") {
      this.#held += piece;
      return;
    }
    const text = this.#held + piece;
    this.#held = "";
    switch (this.#state) {
      case "start":
        this.#begin(text, sink);
        break;
      case "opened":
      case "thinking":
        this.#think(text, sink);
        break;
      case "closed":
        this.#answer(text, sink);
        break;
      case "text":
        sink.text(text);
        break;
      default:
        this.#state satisfies never;
    }
  }

  /** Tells what was held back, because it might have become a tag. Everything further is text. */
  end(sink: ThinkSink): void {
    const held = this.#held;
    const wasThinking = this.#state === "thinking" || this.#state === "opened";
    this.#held = "";
    this.#state = "text";
    if (held === "") return;
    if (wasThinking) sink.thought(held);
    else sink.text(held);
  }

  #begin(text: string, sink: ThinkSink): void {
    const said = text.trimStart();
    if (said.startsWith(OPEN)) {
      this.#state = "opened";
      this.#think(said.slice(OPEN.length), sink);
    } else if (OPEN.startsWith(said)) this.#held = text;
    else {
      this.#state = "text";
      sink.text(text);
    }
  }

  /** The blanks after the opening tag belong to it: models that are told not to think leave nothing else inside. */
  #think(piece: string, sink: ThinkSink): void {
    const text = this.#state === "opened" ? piece.trimStart() : piece;
    const end = text.indexOf(CLOSE);
    const length = end === -1 ? text.length - partialTag(text) : end;
    if (length > 0) {
      this.#state = "thinking";
      sink.thought(text.slice(0, length));
    }
    if (end === -1) {
      this.#held = text.slice(length);
      return;
    }
    this.#state = "closed";
    this.#answer(text.slice(end + CLOSE.length), sink);
  }

  /** The blank lines after the tag belong to neither. */
  #answer(text: string, sink: ThinkSink): void {
    const answer = text.trimStart();
    if (answer === "") return;
    this.#state = "text";
    sink.text(answer);
  }
}

/** How many characters at the end of a text may be the start of the closing tag. */
function partialTag(text: string): number {
  for (let length = Math.min(CLOSE.length - 1, text.length); length > 0; length -= 1)
    if (CLOSE.startsWith(text.slice(text.length - length))) return length;
  return 0;
}

import { HubError } from "../schema/core/error.ts";

/** One record of a `text/event-stream`, as far as it names them. `id` is the record's own, not the last one seen. */
export type ServerEvent = { event?: string; data: string; id?: string };

/** In characters; a generated image comes as one record, in base64. */
export const LARGEST_RECORD = 64 * 2 ** 20;

/** JSON that is laid out for people has a few hundred. */
const MOST_LINES = 100_000;

/**
 * Reads an event stream (HTML standard, section 9.2.6): lines that end with \n, \r\n or \r, a byte order mark, comments,
 * data of several lines, cut anywhere, inside a character too. Yields all records together that one piece of the body has
 * made whole. A record without its blank line at the end of the body was cut off and is not yielded. Throws a `HubError`
 * where one record has more than `limit` characters, or more lines than any has.
 */
export async function* readEventStream(
  body: AsyncIterable<Uint8Array>,
  limit: number = LARGEST_RECORD,
): AsyncGenerator<ServerEvent[], void, void> {
  const reader = new RecordReader(limit);
  for await (const bytes of body) {
    const records = reader.read(bytes);
    if (records.length > 0) yield records;
  }
}

class RecordReader {
  readonly #decoder = new TextDecoder();
  readonly #limit: number;
  /** The line that has not ended yet. */
  #rest = "";
  /** Whether the last piece ended with \r, which a \n may follow that means the same line end. */
  #returned = false;
  // The record that has not ended yet.
  #event: string | undefined;
  #data: string | undefined;
  #id: string | undefined;
  #lines = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  read(bytes: Uint8Array): ServerEvent[] {
    const records: ServerEvent[] = [];
    const text = this.#decode(bytes);
    let start = 0;
    let end = text.indexOf("\n");
    if (end !== -1 && this.#rest !== "") {
      const line = this.#rest + text.slice(0, end);
      this.#rest = "";
      this.#take(line, 0, line.length, records);
      start = end + 1;
      end = text.indexOf("\n", start);
    }
    for (; end !== -1; end = text.indexOf("\n", start)) {
      this.#take(text, start, end, records);
      start = end + 1;
    }
    if (start < text.length) this.#rest += start === 0 ? text : text.slice(start);
    this.#check(this.#rest.length);
    return records;
  }

  /** The text of one piece, with \n for every line end. */
  #decode(bytes: Uint8Array): string {
    const text = this.#decoder.decode(bytes, { stream: true });
    if (!this.#returned && !text.includes("\r")) return text;
    const continued = this.#returned && text.startsWith("\n") ? text.slice(1) : text;
    if (text !== "") this.#returned = text.endsWith("\r");
    return continued.replace(/\r\n?/g, "\n");
  }

  /** Takes the line from `start` to `end`; the blank one ends the record. */
  #take(text: string, start: number, end: number, records: ServerEvent[]): void {
    if (start === end) {
      this.#endRecord(records);
    } else if (text.startsWith("data:", start)) {
      this.#addLine(text.slice(valueStart(text, start + 5), end));
    } else if (text.startsWith("event:", start)) {
      this.#event = text.slice(valueStart(text, start + 6), end);
    } else if (text.startsWith("id:", start)) {
      this.#id = text.slice(valueStart(text, start + 3), end);
    } else if (end - start === 4 && text.startsWith("data", start)) {
      this.#addLine("");
    }
    // Comments, `retry` and fields of which the standard knows nothing say nothing about the answer.
  }

  #addLine(value: string): void {
    this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    this.#check(this.#data.length);
    this.#lines += 1;
    // Each is held by itself, which takes more than its characters.
    if (this.#lines > MOST_LINES)
      throw new HubError("upstream_error", `The upstream sent an event of more than ${MOST_LINES} lines.`);
  }

  #endRecord(records: ServerEvent[]): void {
    const data = this.#data;
    if (data !== undefined && data !== "") {
      const record: ServerEvent = { data };
      if (this.#event !== undefined) record.event = this.#event;
      if (this.#id !== undefined) record.id = this.#id;
      records.push(record);
    }
    this.#event = undefined;
    this.#data = undefined;
    this.#id = undefined;
    this.#lines = 0;
  }

  #check(length: number): void {
    if (length > this.#limit)
      throw new HubError("upstream_error", `The upstream sent an event of more than ${this.#limit} characters.`);
  }
}

/** Where the value begins after its colon: one space belongs to the field. */
function valueStart(text: string, colonEnd: number): number {
  return text.charCodeAt(colonEnd) === 0x20 ? colonEnd + 1 : colonEnd;
}

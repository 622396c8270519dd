import { searchMarks } from "../../schema/archive.ts";

const { start: START, end: END } = searchMarks;

/** Characters of a snippet, of which some stand before the first match. */
const LENGTH = 240;
const LEAD = 60;

/** Characters within which a cut is moved to the next space. */
const WORD = 24;

const ELLIPSIS = "…";

/** The part of a text with the most marks; whole if it is short. */
export function snippetOf(text: string): string {
  if (text.length <= LENGTH) return text;
  const from = startOf(text);
  const to = endOf(text, from);
  return `${from > 0 ? ELLIPSIS : ""}${closed(text.slice(from, to))}${to < text.length ? ELLIPSIS : ""}`;
}

/** Before the mark that has the most others close behind it. */
function startOf(text: string): number {
  const places: number[] = [];
  for (let at = text.indexOf(START); at !== -1; at = text.indexOf(START, at + 1)) places.push(at);
  let best = places[0] ?? 0;
  let most = 0;
  let last = 0;
  for (const [index, place] of places.entries()) {
    while ((places[last] ?? Number.POSITIVE_INFINITY) < place + LENGTH - LEAD) last += 1;
    if (last - index > most) [best, most] = [place, last - index];
  }
  const wanted = Math.max(0, Math.min(best - LEAD, text.length - LENGTH));
  if (wanted === 0) return 0;
  const space = text.slice(wanted, Math.min(wanted + WORD, best)).search(/\s/);
  const from = space === -1 ? wanted : wanted + space + 1;
  return inside(text, from);
}

function endOf(text: string, from: number): number {
  const wanted = from + LENGTH;
  if (wanted >= text.length) return text.length;
  const space = text.slice(wanted - WORD, wanted).search(/\s\S*$/);
  return inside(text, space === -1 ? wanted : wanted - WORD + space);
}

/** Not between the halves of a character. */
function inside(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

/** With both ends of every mark, also of one that was cut. */
function closed(part: string): string {
  const [start, end] = [part.lastIndexOf(START), part.lastIndexOf(END)];
  const [firstStart, firstEnd] = [part.indexOf(START), part.indexOf(END)];
  const isOpenBefore = firstEnd !== -1 && (firstStart === -1 || firstEnd < firstStart);
  return `${isOpenBefore ? START : ""}${part}${start > end ? END : ""}`;
}

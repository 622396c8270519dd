import type { SeededRandom } from "./seeded-random.ts";

const frequent = (
  "the of and a to in is you that it for on with as are this be have from or by we not but what all were when your can " +
  "there use an each which she do how their if will up other about out many then them these so some her would make like " +
  "him into time has look two more write go see number no way could people my than first water been call who its now " +
  "find long down day did get come made may part river weather harbour ticket report invoice refund customer error " +
  "server deploy release cluster timeout memory budget forecast meeting contract shipment warehouse battery sensor"
).split(" ");

const syllables =
  "ba ko mi ter an de lo si ra vu pe no chi ga zu el qua bri sto fen hul mar ost ev pin dra wes yor cu lim tha gre".split(
    " ",
  );

const SIZE = 40_000;

/** Words of the texts, the most frequent ones first: how often one occurs goes by its place, as in any language. */
export const words: readonly string[] = [
  ...frequent,
  ...Array.from({ length: SIZE - frequent.length }, (_, place) => madeUp(place)),
];

/** So many words. */
export function textOf(random: SeededRandom, length: number): string {
  let text = "";
  for (let place = 0; place < length; place += 1) {
    if (place > 0) text += place % 11 === 0 ? ". " : " ";
    text += wordOf(random);
  }
  return text;
}

/** A word by Zipf's law: the second one occurs half as often as the first, the third one a third as often. */
export function wordOf(random: SeededRandom): string {
  return words[Math.floor(SIZE ** random.next()) - 1] ?? "the";
}

/** A word of its own for every place, of at least two syllables. */
function madeUp(place: number): string {
  let word = "";
  for (let rest = place + syllables.length; rest > 0; rest = Math.floor(rest / syllables.length)) {
    word += syllables[rest % syllables.length] ?? "";
  }
  return word;
}

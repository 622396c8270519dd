const DIGITS = "0123456789";
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
/** What is tried first: the characters that a reader expects in an invented text. */
const USUAL = [...LETTERS, ...DIGITS, ..." -_.,:;/#"];
/** Beyond the basic plane only characters that the expression spells out are found. */
const LAST_SEARCHED = 0xffff;

const kept = new Map<string, readonly string[]>();
const MOST_KEPT = 500;

/** Characters that a one-character piece of a regular expression stands for: the usual ones, else the first there is. */
export function charactersOf(source: string): readonly string[] {
  const known = kept.get(source);
  if (known !== undefined) return known;
  if (kept.size >= MOST_KEPT) kept.clear();
  const found = find(source);
  kept.set(source, found);
  return found;
}

/** Whether a character is one that such a piece stands for; for one character JavaScript's own engine is safe. */
export function characterTest(source: string): (character: string) => boolean {
  if (/^[^\\[.]$/su.test(source)) return (character) => character === source;
  const expression = new RegExp(`^${source}$`, "u");
  return (character) => expression.test(character);
}

function find(source: string): readonly string[] {
  const fits = characterTest(source);
  const usual = (source === "." ? [...LETTERS, ...DIGITS] : USUAL).filter(fits);
  if (usual.length > 0) return usual;
  const spelled = spelledOut(source).find(fits);
  if (spelled !== undefined) return [spelled];
  for (let code = 0x20; code <= LAST_SEARCHED; code += 1) {
    // Halves of a pair are no characters of their own, and JSON could not carry them.
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const character = String.fromCodePoint(code);
    if (fits(character)) return [character];
  }
  return Array.from({ length: 0x20 }, (_, code) => String.fromCodePoint(code)).filter(fits);
}

/** The characters that stand in a piece as they are or by their numbers. */
function spelledOut(source: string): string[] {
  const read = source.replace(/\\u\{([\da-f]{1,6})\}|\\u([\da-f]{4})/gi, (_, long?: string, short?: string) =>
    long === undefined
      ? String.fromCharCode(Number.parseInt(short ?? "", 16))
      : String.fromCodePoint(Number.parseInt(long, 16)),
  );
  return [...read];
}

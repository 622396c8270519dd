const STOP = new Set(
  "a an the is are was be of in on at to for with and or by from as it its this that these those i me my you your we our what which who how when where do does did can could would should please will if then there about into given using use used get set".split(
    " ",
  ),
);

/** Words that mean nearly the same when a function is chosen. */
const families = [
  "weather temperature forecast rain raining sunny snow hot cold umbrella climate",
  "light lamp bulb",
  "mail email message",
  "time clock hour",
  "music song play track playlist",
  "stock share ticker quote",
  "calendar meeting schedule appointment event",
  "buy order purchase",
  "find search look lookup",
  "convert exchange currency",
  "add sum plus",
  "multiply times product",
] as const;

const familyOf: ReadonlyMap<string, number> = new Map(
  families.flatMap((family, index) => family.split(" ").map((word) => [stemOf(word), index] as const)),
);

/** The words of a text or of a name (`getWeather`, `get_weather`) that say something, lower-case, without endings. */
export function stemsOf(text: string): string[] {
  const words = text
    .replace(/(?<=[a-z\d])(?=[A-Z])/g, " ")
    .toLowerCase()
    .match(/[\p{L}\d]+/gu);
  return (words ?? []).filter((word) => !STOP.has(word)).map(stemOf);
}

/** Whether two stems are different words for one thing. */
export function related(one: string, other: string): boolean {
  const family = familyOf.get(one);
  return family !== undefined && family === familyOf.get(other);
}

function stemOf(word: string): string {
  return word.replace(/(?<=\p{L}{3})(?:ings?|ed|es|s|e)$/u, "");
}

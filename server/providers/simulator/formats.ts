import type { Random } from "./random.ts";

type Format = { pattern: RegExp; make(random: Random): string };

const two = (value: number): string => String(value).padStart(2, "0");
const date = (random: Random): string =>
  `20${two(random.integer(20, 29))}-${two(random.integer(1, 12))}-${two(random.integer(1, 28))}`;
const time = (random: Random): string =>
  `${two(random.integer(0, 23))}:${two(random.integer(0, 59))}:${two(random.integer(0, 59))}Z`;
const word = (random: Random): string => random.token(6).replace(/^\d/, "a");
const hexadecimal = (random: Random, length: number): string =>
  Array.from({ length }, () => random.integer(0, 15).toString(16)).join("");

const DATE = "\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])";
const TIME = "(?:[01]\\d|2[0-3]):[0-5]\\d:(?:[0-5]\\d|60)(?:\\.\\d+)?";
const ZONE = "(?:[zZ]|[+-](?:[01]\\d|2[0-3]):?[0-5]\\d)";
const LABEL = "[a-zA-Z\\d](?:[a-zA-Z\\d-]{0,61}[a-zA-Z\\d])?";
const BYTE = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const URL_PATTERN = /^[a-z][a-z\d+.-]*:[^\s<>"{}|\\^`]+$/i;

/** The string formats that the simulator makes and checks. Numeric ones (`int32`, `double`) ask nothing of it. */
export const formats: ReadonlyMap<string, Format> = new Map<string, Format>([
  ["date", { pattern: new RegExp(`^${DATE}$`), make: date }],
  ["time", { pattern: new RegExp(`^${TIME}${ZONE}$`), make: time }],
  [
    "date-time",
    { pattern: new RegExp(`^${DATE}[tT ]${TIME}${ZONE}$`), make: (random) => `${date(random)}T${time(random)}` },
  ],
  [
    "duration",
    {
      pattern: /^P(?!$)(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)$/,
      make: (random) => `PT${random.integer(1, 59)}M`,
    },
  ],
  [
    "email",
    {
      pattern: /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z\d-]+(?:\.[a-z\d-]+)+$/i,
      make: (random) => `${word(random)}@example.com`,
    },
  ],
  [
    "hostname",
    { pattern: new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`), make: (random) => `${word(random)}.example.com` },
  ],
  [
    "ipv4",
    { pattern: new RegExp(`^(?:${BYTE}\\.){3}${BYTE}$`), make: (random) => `192.0.2.${random.integer(1, 254)}` },
  ],
  [
    "ipv6",
    {
      pattern: /^(?=.*:.*:)(?:[\da-f]{0,4}:){2,7}[\da-f]{0,4}$/i,
      make: (random) => `2001:db8::${hexadecimal(random, 3)}`,
    },
  ],
  ["uri", { pattern: URL_PATTERN, make: (random) => `https://example.com/${word(random)}` }],
  ["url", { pattern: URL_PATTERN, make: (random) => `https://example.com/${word(random)}` }],
  ["uri-reference", { pattern: /^[^\s<>"{}|\\^`]*$/, make: (random) => `/${word(random)}` }],
  [
    "uuid",
    {
      pattern: /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i,
      make: (random) =>
        [8, 4, 4, 4, 12]
          .map((length) => hexadecimal(random, length))
          .join("-")
          .replace(/^(.{14})./, "$14")
          .replace(/^(.{19})./, "$1a"),
    },
  ],
  [
    "byte",
    {
      pattern: /^(?:[a-z\d+/]{4})*(?:[a-z\d+/]{2}==|[a-z\d+/]{3}=)?$/i,
      make: (random) => Buffer.from(word(random)).toString("base64"),
    },
  ],
  ["json-pointer", { pattern: /^(?:\/(?:[^~/]|~0|~1)*)*$/, make: (random) => `/${word(random)}` }],
  ["regex", { pattern: /^[^\\([{]*$/, make: (random) => `^${word(random)}$` }],
]);

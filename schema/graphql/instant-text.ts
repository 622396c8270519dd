const DAY = 86_400_000;

let day = Number.NaN;
let dayText = "";

/** Milliseconds since 1970 by RFC 3339 in UTC. Lists are full of times of one day, whose date is written only once. */
export function instantText(milliseconds: number): string {
  const past = milliseconds % DAY;
  // Years before 1970 and those of more than four digits are as `Date` writes them.
  if (!(past >= 0 && milliseconds < 253_402_300_800_000)) return new Date(milliseconds).toISOString();
  if (milliseconds - past !== day) {
    day = milliseconds - past;
    dayText = new Date(day).toISOString().slice(0, 11);
  }
  const seconds = Math.floor(past / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return `${dayText}${two(hours)}:${two(minutes % 60)}:${two(seconds % 60)}.${three(past % 1000)}Z`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

function three(value: number): string {
  return value < 100 ? `0${two(value)}` : String(value);
}

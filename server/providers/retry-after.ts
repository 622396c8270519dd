/**
 * How many seconds an upstream asks to wait, from the headers of its answer. A date counts from the upstream's own `Date`,
 * so that clocks which differ do no harm; without that header it says nothing.
 */
export function retryAfter(headers: Headers): number | undefined {
  const milliseconds = nonNegative(headers.get("retry-after-ms"));
  if (milliseconds !== undefined) return milliseconds / 1000;
  const value = headers.get("retry-after");
  const seconds = nonNegative(value);
  if (seconds !== undefined || value === null) return seconds;
  const wait = (Date.parse(value) - Date.parse(headers.get("date") ?? "")) / 1000;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

function nonNegative(value: string | null): number | undefined {
  const number = value === null || value.trim() === "" ? Number.NaN : Number(value);
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}

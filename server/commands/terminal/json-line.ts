/** A value as JSON on one line. What terminals may take for orders and JSON leaves as it is, is escaped too. */
export function jsonLine(value: unknown): string {
  const text = JSON.stringify(value).replaceAll(
    /[\u{7F}-\u{9F}]/gu,
    (found) => `\\u00${found.charCodeAt(0).toString(16)}`,
  );
  return `${text}\n`;
}

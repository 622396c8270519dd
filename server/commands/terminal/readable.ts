/** Everything that moves cursors, sets colours, rings or turns text around; line ends and tabs are text. */
const control = /\r\n|(?![\n\t])[\p{Cc}\u{200E}\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}]/gu;

/**
 * Text of models and of others as it may be shown to people. A terminal takes orders from what it is given, so no control
 * character reaches it: each is shown by its picture (`␛`), or as `�` where there is none.
 */
export function readable(text: string): string {
  return text.replace(control, (found) => {
    if (found === "\r\n") return "\n";
    const code = found.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? "\u{2421}" : "\u{FFFD}";
  });
}

/** The same on one line of at most so many characters. */
export function readableLine(text: string, most: number): string {
  const line = [
    ...readable(text.slice(0, most * 4))
      .replaceAll(/\s+/g, " ")
      .trim(),
  ];
  return line.length <= most ? line.join("") : `${line.slice(0, most - 1).join("")}…`;
}

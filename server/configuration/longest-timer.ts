/** Milliseconds of 24 days: a timer of the runtime cannot wait longer than 2^31 - 1 of them, it would fire at once. */
export const longestTimer = 24 * 86_400_000;

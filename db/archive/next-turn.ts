/** Lets others have a turn: the database answers at once, so whoever asks for much must stop in between. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Resolves in the event loop's next turn, after everything that is ready now has been served. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

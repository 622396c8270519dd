const kept = new WeakMap<AbortSignal, unknown[]>();

/**
 * Keeps requests for as long as there is a signal that depends on them: the signal of the platform's `Request` passes an
 * abort on only while that request exists, and so does one of a request made from another.
 */
export function keepWithSignal(signal: AbortSignal, ...requests: unknown[]): void {
  kept.set(signal, requests);
}

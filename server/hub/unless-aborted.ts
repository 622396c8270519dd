import { HubError } from "../../schema/core/error.ts";

/** A promise that also ends when whoever waits has gone. */
export async function unlessAborted<T>(promise: Promise<T>, reader: AbortSignal | undefined): Promise<T> {
  if (reader === undefined) return promise;
  const gone = Promise.withResolvers<never>();
  const leave = () => gone.reject(new HubError("cancelled", "The client went away."));
  if (reader.aborted) leave();
  reader.addEventListener("abort", leave, { once: true });
  try {
    return await Promise.race([promise, gone.promise]);
  } finally {
    reader.removeEventListener("abort", leave);
  }
}

import type { Dispatcher } from "undici";
import { HubError } from "../../schema/core/error.ts";
import { type BodyLimit, IncomingBody } from "./incoming-body.ts";

type Controller = Dispatcher.DispatchController;
type HeaderObject = Readonly<Record<string, string | string[] | undefined>>;

/** Statuses whose answers have no body (Fetch standard, section 2.2.3). */
const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);

/** Of an error, people are told a line: what comes after so much of it is of no use. */
const LARGEST_ERROR: BodyLimit = { bytes: 2 ** 20 };

/** How long the body of an answer may become, if that of an answer which is no error may have so much. */
export function limitFor(status: number, limit: BodyLimit | undefined): BodyLimit | undefined {
  return status < 400 ? limit : LARGEST_ERROR;
}

/** One for all: whoever gave a request up hears of his own reason. */
const givenUp = new Error("The request was given up.");

/** One request and its answer: makes a `Response` of what the connection reports. */
export class Exchange implements Dispatcher.DispatchHandler {
  /** Rejects in the manner of `fetch`: with the signal's reason, or with a `TypeError` that has the cause. */
  readonly response: Promise<Response>;
  readonly #url: URL;
  readonly #signal: AbortSignal | undefined;
  readonly #limit: BodyLimit | undefined;
  readonly #abort = (): void => this.#breakOff(this.#signal?.reason);
  readonly #resolve: (response: Response) => void;
  readonly #reject: (reason: unknown) => void;
  #controller: Controller | undefined;
  #incoming: IncomingBody | undefined;
  #broken = false;

  constructor(url: URL, signal: AbortSignal | undefined, limit?: BodyLimit) {
    this.#url = url;
    this.#signal = signal;
    this.#limit = limit;
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    this.response = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    signal?.addEventListener("abort", this.#abort, { once: true });
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    // It may have waited for a connection for so long that nobody wants it any more.
    if (this.#broken) controller.abort(givenUp);
  }

  onResponseStart(controller: Controller, status: number, headers: HeaderObject, statusText = ""): void {
    // Only a note that the answer will come.
    if (status < 200) return;
    const incoming = new IncomingBody(controller, limitFor(status, this.#limit));
    const body = bodiless.has(status) ? null : incoming.stream();
    const response = responseOf(body, { status, statusText }, headers);
    if (response instanceof HubError) {
      this.#reject(response);
      controller.abort(response);
      return;
    }
    Object.defineProperty(response, "url", { value: this.#url.href });
    this.#incoming = incoming;
    this.#resolve(response);
  }

  onResponseData(_controller: Controller, piece: Buffer): void {
    this.#incoming?.push(piece);
  }

  onResponseEnd(): void {
    this.#signal?.removeEventListener("abort", this.#abort);
    this.#incoming?.end();
  }

  onResponseError(_controller: Controller | null, cause: Error): void {
    this.#signal?.removeEventListener("abort", this.#abort);
    if (this.#incoming === undefined) this.#reject(new TypeError("fetch failed", { cause }));
    else this.#incoming.fail(new TypeError("terminated", { cause }));
  }

  #breakOff(reason: unknown): void {
    this.#broken = true;
    this.#reject(reason);
    if (this.#incoming !== undefined) this.#incoming.cancel(reason);
    else this.#controller?.abort(givenUp);
  }
}

/** The parser lets pass what a `Response` does not take: a status of 600 and more, or a reason with control characters. */
function responseOf(body: ReadableStream | null, init: ResponseInit, headers: HeaderObject): Response | HubError {
  try {
    const response = new Response(body, init);
    // One by one, which costs less than a list of them does.
    for (const [name, value] of Object.entries(headers)) {
      if (typeof value === "string") response.headers.append(name, value);
      else for (const one of value ?? []) response.headers.append(name, one);
    }
    return response;
  } catch (cause) {
    return new HubError("upstream_error", "A server answered with a status that is none.", { cause });
  }
}

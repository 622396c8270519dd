import { describe, expect, it } from "vitest";
import { HubError } from "../../../schema/core/error.ts";
import { upstreamFailure } from "../../../server/providers/upstream-error.ts";
import { mayPass } from "../../../server/providers/upstream-trouble.ts";

/** An error as the system and undici make them. */
const coded = (code: string, message = "it failed"): Error => Object.assign(new Error(message), { code });
/** An error as `fetch` wraps them. */
const failed = (cause: unknown): Error => new TypeError("fetch failed", { cause });
const terminated = (cause: unknown): Error => new TypeError("terminated", { cause });
/** An error as clients wrap them, whose names stay `Error`. */
class APIConnectionError extends Error {}
class APIConnectionTimeoutError extends Error {}
class APIUserAbortError extends Error {}

describe("what the connection to an upstream fails with", () => {
  it.each<[string, unknown, string, boolean]>([
    ["nobody listens", failed(coded("ECONNREFUSED")), "unavailable", true],
    ["nobody listens at any address", failed(new AggregateError([coded("ECONNREFUSED")], "")), "unavailable", true],
    ["no such name", failed(coded("ENOTFOUND")), "unavailable", true],
    ["names cannot be resolved now", failed(coded("EAI_AGAIN")), "unavailable", true],
    ["no way there", failed(coded("EHOSTUNREACH")), "unavailable", true],
    ["closed before the answer", failed(coded("UND_ERR_SOCKET", "other side closed")), "unavailable", true],
    [
      "reset, as a client wraps it",
      new APIConnectionError("Connection error.", { cause: coded("ECONNRESET") }),
      "unavailable",
      true,
    ],
    ["no reason at all", failed(undefined), "unavailable", true],
    ["a certificate that is not trusted", failed(coded("DEPTH_ZERO_SELF_SIGNED_CERT")), "unavailable", false],
    ["a certificate for another name", failed(coded("ERR_TLS_CERT_ALTNAME_INVALID")), "unavailable", false],
    ["no connection in time", failed(coded("UND_ERR_CONNECT_TIMEOUT")), "deadline_exceeded", true],
    ["no connection in time, by the system", failed(coded("ETIMEDOUT")), "deadline_exceeded", true],
    ["no answer in time", coded("UND_ERR_HEADERS_TIMEOUT"), "deadline_exceeded", true],
    ["a client's own timeout", new APIConnectionTimeoutError("Request timed out."), "deadline_exceeded", true],
    ["a signal's timeout", new DOMException("timed out", "TimeoutError"), "deadline_exceeded", true],
    ["broken off", terminated(coded("UND_ERR_SOCKET", "other side closed")), "upstream_error", true],
    ["reset in the middle", terminated(coded("ECONNRESET")), "upstream_error", true],
    ["less than announced", terminated(coded("UND_ERR_RES_CONTENT_LENGTH_MISMATCH")), "upstream_error", true],
    ["no HTTP", failed(coded("HPE_INVALID_CONSTANT")), "upstream_error", false],
    ["not compressed as it says", Object.assign(new TypeError(""), { code: "Z_DATA_ERROR" }), "upstream_error", false],
    ["no JSON", new SyntaxError("Unexpected token"), "upstream_error", false],
    ["an abort", new DOMException("aborted", "AbortError"), "cancelled", false],
    ["a client's own abort", new APIUserAbortError("Request was aborted."), "cancelled", false],
    ["a text", "something", "upstream_error", false],
    ["an error of a client that nobody knows", new Error("odd"), "upstream_error", false],
  ])("is named by its cause: %s", (_, error, code, passing) => {
    const failure = upstreamFailure("local", error);
    expect(failure).toBeInstanceOf(HubError);
    expect(failure.code).toBe(code);
    expect(failure.message).toContain("'local'");
    expect(mayPass(failure)).toBe(passing);
  });

  it("is passed on where it has been named already, also inside of what wraps it", () => {
    const named = new HubError("upstream_error", "The upstream redirects.");
    expect(upstreamFailure("local", named)).toBe(named);
    expect(upstreamFailure("local", new APIConnectionError("", { cause: failed(named) }))).toBe(named);
  });

  it("is internal where it is a mistake of ours, with all of it for the log", () => {
    const mistake = new TypeError("undefined is not a function");
    expect(upstreamFailure("local", mistake)).toMatchObject({ code: "internal", cause: mistake });
  });

  it("says nothing in public of addresses, which only the log hears of", () => {
    const failure = upstreamFailure("local", failed(coded("ECONNREFUSED", "connect ECONNREFUSED 10.1.2.3:8080")));
    expect(failure.message).toBe("The upstream 'local' cannot be reached.");
    expect(failure.cause).toMatchObject({ cause: { cause: { message: expect.stringContaining("10.1.2.3") } } });
  });

  it("may be its own cause without end", () => {
    const error: Error & { cause?: unknown } = new Error("odd");
    error.cause = error;
    expect(upstreamFailure("local", error).code).toBe("upstream_error");
  });
});

describe("what nests too deep to be written down", () => {
  it("is the upstream's fault, and no mistake of the hub's", () => {
    const overflow = new RangeError("Maximum call stack size exceeded");
    expect(upstreamFailure("local", overflow)).toMatchObject({ code: "upstream_error" });
    expect(upstreamFailure("local", new RangeError("Invalid count value"))).toMatchObject({ code: "internal" });
  });
});

import { describe, expect, it } from "vitest";
import { errorCodes, HubError } from "../../../schema/core/error.ts";
import type { JsonObject } from "../../../schema/core/json.ts";
import { encodeError, errorStatus, errorWireCode } from "../../../schema/interactions/encode-error.ts";
import { readLegacy } from "../../cases/recorded-log.ts";

/** What the official clients send again. */
function isSentAgain(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

describe("an error reply", () => {
  it("has the recorded form", () => {
    const recorded = readLegacy("tool_calling_round_trip-6");
    const { code, message } = (recorded.body as JsonObject).error as { code: string; message: string };
    expect(code).toBe("invalid_request");
    expect(encodeError(new HubError("invalid_request", message))).toStrictEqual({
      status: recorded.status,
      body: recorded.body,
      headers: {},
    });
  });

  it("names the member at fault once", () => {
    const unnamed = new HubError("invalid_request", "Missing text.", { field: "input[0]" });
    const named = new HubError("invalid_request", "Missing input[0].text.", { field: "input[0]" });
    expect(encodeError(unnamed).body).toMatchObject({ error: { message: "Missing text. (at 'input[0]')" } });
    expect(encodeError(named).body).toMatchObject({ error: { message: "Missing input[0].text." } });
  });

  it.each([
    ["Unknown parameter 'foo' at 'tools[0]'.", "tools[0].foo"],
    ["Missing key 'a.b' at 'x'.", "x.a.b"],
    ["Invalid value at 'input[0].text': expected a string.", "input[0].text"],
  ])("does not name a member again that it names with its place: %s", (message, field) => {
    expect(encodeError(new HubError("invalid_request", message, { field })).body).toMatchObject({ error: { message } });
  });

  it("names a member whose object alone is named", () => {
    const error = new HubError("invalid_request", "Something in 'tools[0]' is wrong.", { field: "tools[0].name" });
    expect(encodeError(error).body).toMatchObject({
      error: { message: "Something in 'tools[0]' is wrong. (at 'tools[0].name')" },
    });
  });

  it("tells in whole seconds when to come back", () => {
    const error = new HubError("rate_limit_exceeded", "Slow down.", { retryAfter: 1.2 });
    expect(encodeError(error)).toMatchObject({ status: 429, headers: { "retry-after": "2" } });
  });

  it("never shows its cause", () => {
    const error = new HubError("internal", "Internal error.", { cause: new Error("disk at /secret") });
    expect(JSON.stringify(encodeError(error))).not.toContain("secret");
  });

  it.each(errorCodes)("is not sent again in vain by clients when the code is %s", (code) => {
    const { status, headers } = encodeError(new HubError(code, "No."));
    const passing = ["rate_limit_exceeded", "interrupted", "unavailable", "deadline_exceeded", "upstream_error"];
    expect(status).toBe(errorStatus(code));
    if (passing.includes(code)) expect(isSentAgain(status)).toBe(true);
    expect(headers["x-should-retry"]).toBe(isSentAgain(status) && !passing.includes(code) ? "false" : undefined);
  });

  it("keeps codes that only the wire has", () => {
    expect(errorWireCode("safety")).toBe("safety");
    expect(errorWireCode("toString")).toBe("toString");
    expect(errorWireCode("unavailable")).toBe("service_unavailable");
  });
});

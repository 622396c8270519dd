import { describe, expect, test } from "vitest";
import type { Archive } from "../../../../schema/archive.ts";
import { HubError } from "../../../../schema/core/error.ts";
import { openEngine } from "./open-engine.ts";

const query = "{ interactions { nodes { id } } }";

/** An engine whose archive fails. */
function failingWith(error: unknown) {
  const list: Archive["list"] = () => Promise.reject(error);
  return openEngine({ archive: { list } as Archive });
}

describe("an error", () => {
  test("that is no bug has the code of REST, and the place where it happened", async () => {
    const { answer, bugs } = failingWith(
      new HubError("rate_limit_exceeded", "Too fast.", { retryAfter: 3, cause: "secret" }),
    );
    const { errors } = await answer(query);
    expect(JSON.parse(JSON.stringify(errors))).toEqual([
      {
        message: "Too fast.",
        path: ["interactions"],
        locations: [{ line: 1, column: 3 }],
        extensions: { code: "rate_limit_exceeded", retryAfter: 3 },
      },
    ]);
    expect(bugs).toEqual([]);
  });

  test("that is a bug tells nothing but the id of the request, and is reported once", async () => {
    const bug = new TypeError("secret is not a function");
    const { answer, bugs } = failingWith(bug);
    const { errors } = await answer(query);
    expect(JSON.parse(JSON.stringify(errors))).toEqual([
      {
        message: "An internal error occurred.",
        path: ["interactions"],
        locations: [{ line: 1, column: 3 }],
        extensions: { code: "api_error", requestId: "request-1" },
      },
    ]);
    expect(bugs).toEqual([bug]);
  });

  test("in a mutation that is a bug is told no more", async () => {
    const set_labels: Archive["set_labels"] = () => Promise.reject(new Error("secret"));
    const { answer, bugs } = openEngine({ archive: { set_labels } as Archive });
    const { errors, data } = await answer('mutation { setLabels(id: "x", labels: []) { __typename } }');
    expect(data).toBeNull();
    expect(errors?.map(({ message }) => message)).toEqual(["An internal error occurred."]);
    expect(bugs).toHaveLength(1);
  });

  test.each([
    ['{ interactions(filter: { createdFrom: "yesterday" }) { nodes { id } } }', "instant"],
    ["{ interactions(filter: { createdFrom: 5 }) { nodes { id } } }", "instant"],
    ["mutation { createInteraction(input: { input: 1e400 }) { __typename } }", "too large"],
    ['{ interactions(after: "a b") { nodes { id } } }', "cursor"],
  ])("in a value says what is wrong with it: %s", async (wrong, part) => {
    const { answer, bugs } = openEngine();
    const { errors } = await answer(wrong);
    expect(errors?.[0]?.message).toContain(part);
    expect(bugs).toEqual([]);
  });
});

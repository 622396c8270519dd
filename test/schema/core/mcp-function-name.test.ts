import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mcpFunctionName } from "../../../schema/core/mcp-function-name.ts";

describe("the name of the function that stands for a server's tool", () => {
  it("is made of both names where they can stand in it", () => {
    expect(mcpFunctionName("weather", "get_forecast")).toBe("weather__get_forecast");
    expect(mcpFunctionName("my-server", "_list")).toBe("my-server___list");
  });

  it.each([
    ["with a dot", "files.local", "read", /^files_local__read_[0-9a-f]{8}$/],
    ["that begins with a digit", "3d", "print", /^_3d__print_[0-9a-f]{8}$/],
    ["in another script", "погода", "прогноз", /^_+_[0-9a-f]{8}$/],
    ["that is too long", "s".repeat(60), "t".repeat(60), /^s{55}_[0-9a-f]{8}$/],
    ["that would be read as another pair", "a__b", "c", /^a__b__c_[0-9a-f]{8}$/],
    ["that looks marked", "a", "b_0123abcd", /^a__b_0123abcd_[0-9a-f]{8}$/],
  ])("ends in a mark for a name %s", (_, server, tool, pattern) => {
    expect(mcpFunctionName(server, tool)).toMatch(pattern);
  });

  it("can be taken by every vendor, whatever the names are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (server, tool) => {
        expect(mcpFunctionName(server, tool)).toMatch(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/);
      }),
    );
  });

  it("tells every pair from every other, of names that are alike and long", () => {
    const parts = fc.array(fc.constantFrom("a", "_", "__", ".", "-", "0123abcd", "x".repeat(40)), { maxLength: 5 });
    const name = parts.map((list) => list.join(""));
    fc.assert(
      fc.property(name, name, name, name, (server, tool, otherServer, otherTool) => {
        const same = server === otherServer && tool === otherTool;
        expect(mcpFunctionName(server, tool) === mcpFunctionName(otherServer, otherTool)).toBe(same);
      }),
      { numRuns: 2_000 },
    );
  });
});

import { expect, test } from "vitest";
import { givenFlags, quoted } from "../../../server/commands/given-flags.ts";

test("what says which hub is meant is said again, as a shell takes it, and nothing else", () => {
  const values = new Map([
    ["port", "1"],
    ["db", "/my files/it's.db"],
    ["data", "/data"],
  ]);
  expect(givenFlags({ settings: { config: "hub.yaml", values }, url: "http://127.0.0.1:1" })).toBe(
    " --config hub.yaml --data /data --db '/my files/it'\\''s.db' --url http://127.0.0.1:1",
  );
  expect(givenFlags({ settings: { config: undefined, values: new Map() }, url: undefined })).toBe("");
  expect(quoted("C:\\data\\hub.db")).toBe("C:\\data\\hub.db");
  expect(quoted("$(rm)")).toBe("'$(rm)'");
});

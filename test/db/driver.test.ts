import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { createDriver } from "../../db/driver.ts";

const require = createRequire(import.meta.url);
const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
const platform =
  process.platform === "linux" && header.glibcVersionRuntime === undefined ? "linuxmusl" : process.platform;
const addon = join(
  dirname(require.resolve("better-sqlite3/package.json")),
  "prebuilds",
  `${platform}-${process.arch}.node`,
);

describe("the driver", () => {
  test.each([
    ["that it finds by itself", undefined],
    ["whose path it is given", addon],
    ["that it is given", require(addon) as object],
  ])("opens connections with the addon %s", (_, nativeBinding) => {
    const connection = createDriver(nativeBinding).connect(":memory:", { timeout: 10 });
    expect(connection.prepare("select 6 * 7").pluck().get()).toBe(42);
    connection.close();
  });

  test("takes the addon that it is given, and no other", () => {
    expect(() => createDriver("/nowhere/addon.node").connect(":memory:")).toThrow(/nowhere/);
  });
});

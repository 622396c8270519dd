import { expect, test } from "vitest";
import { MimeType } from "../../../schema/core/mime-type.ts";

test.each([
  "image/png",
  "IMAGE/PNG",
  "audio/l16; rate=24000; channels=1",
  "audio/l16;rate=24000",
  "text/x.enum",
  "application/vnd.google-apps.document+json",
  'text/plain; charset="utf-8"',
])("%s is a media type", (type) => {
  expect(MimeType.safeParse(type).success).toBe(true);
});

test.each([
  "",
  "png",
  "image/",
  "/png",
  "image/png/x",
  "image png",
  "image/*",
  "image/png;",
  "image/png; rate",
  " a/b",
])("%j is none", (type) => {
  expect(MimeType.safeParse(type).success).toBe(false);
});

test("a long text that is almost one is judged at once", () => {
  const started = performance.now();
  expect(MimeType.safeParse(`a/b${" ;a=b".repeat(100_000)} ;`).success).toBe(false);
  expect(MimeType.safeParse(`a/b${" ".repeat(100_000)}x`).success).toBe(false);
  expect(performance.now() - started).toBeLessThan(1000);
});

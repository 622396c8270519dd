import { describe, expect, test } from "vitest";
import { byteRange } from "../../../server/http/byte-range.ts";

describe("the range of a header, of ten bytes", () => {
  test.each<[string, number, number]>([
    ["bytes=0-3", 0, 4],
    ["bytes=4-", 4, 10],
    ["bytes=9-9", 9, 10],
    ["bytes=0-9", 0, 10],
    ["bytes=8-999999999999999999999999", 8, 10],
    ["bytes=-3", 7, 10],
    ["bytes=-10", 0, 10],
    ["bytes=-11", 0, 10],
    ["Bytes=000-000", 0, 1],
    [" bytes=1-2 ", 1, 3],
  ])("%j is from %i to %i", (header, from, to) => {
    expect(byteRange(header, 10)).toEqual({ from, to });
  });

  test.each(["bytes=10-", "bytes=10-20", "bytes=999999999999999999999999-", "bytes=-0"])("%j is none", (header) => {
    expect(byteRange(header, 10)).toBe("unsatisfiable");
  });

  test.each(["bytes=0-", "bytes=0-0", "bytes=-1"])("%j is none where there are no bytes", (header) => {
    expect(byteRange(header, 0)).toBe("unsatisfiable");
  });

  test.each([
    "bytes=0-1,4-5",
    "bytes=0-1, 20-",
    "bytes=3-2",
    "bytes=-",
    "bytes=",
    "bytes=a-b",
    "bytes=1.5-2",
    "bytes=0x1-2",
    "bytes=+1-2",
    "bytes= 1-2",
    "bytes=1-2-3",
    "bytes 0-1",
    "lines=0-1",
    "",
  ])("%j is left aside, so that all of them are sent", (header) => {
    expect(byteRange(header, 10)).toBeUndefined();
  });
});

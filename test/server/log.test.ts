import { expect, test } from "vitest";
import { createLogger, maskUrl } from "../../server/log.ts";

function linesOf(level: "info" | "debug", write: (log: ReturnType<typeof createLogger>) => void): string {
  let lines = "";
  const append = (line: string): void => {
    lines += line;
  };
  write(createLogger(level, { write: append }));
  return lines;
}

test("keys are hidden at every level, in headers, members and URLs", () => {
  for (const level of ["info", "debug"] as const) {
    const lines = linesOf(level, (log) => {
      const headers = { "x-goog-api-key": "hush", authorization: "Bearer hush", cookie: "hush", host: "localhost" };
      log.info({ headers, url: "/v1/interactions?alt=sse&key=hush&x=1" });
      log.info({ incoming: { headers }, apiKey: "hush", upstream: { api_key: "hush" } });
    });
    expect(lines).not.toContain("hush");
    expect(lines).toContain("localhost");
    expect(lines).toContain("key=[hidden]&x=1");
  }
});

test("prompts and answers are hidden at the default level and shown for debugging", () => {
  const write = (log: ReturnType<typeof createLogger>): void => {
    log.info({ body: { input: "a secret plan" } });
    log.info({ interaction: { id: "i1", input: ["a secret plan"], output: ["a secret plan"] } });
  };
  expect(linesOf("info", write)).not.toContain("secret plan");
  expect(linesOf("info", write)).toContain("i1");
  expect(linesOf("debug", write)).toContain("secret plan");
});

test("an error is logged with its causes but without what clients hang on it", () => {
  const cause = Object.assign(new Error("upstream"), { headers: { authorization: "hush" }, request: "hush" });
  const lines = linesOf("info", (log) => log.error({ err: new TypeError("outer", { cause }) }, "failed"));
  expect(JSON.parse(lines).err).toMatchObject({ type: "TypeError", cause: { message: "upstream" } });
  expect(lines).not.toContain("hush");
});

test("lines below the level are not written", () => {
  expect(linesOf("info", (log) => log.debug("detail"))).toBe("");
});

test("a URL keeps everything but the value of its key", () => {
  expect(maskUrl("/a?key=b#c")).toBe("/a?key=[hidden]#c");
  expect(maskUrl("/a?monkey=b&KEY=c")).toBe("/a?monkey=b&KEY=[hidden]");
});

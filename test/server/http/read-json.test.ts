import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HubError } from "../../../schema/core/error.ts";
import { jsonExcess } from "../../../schema/core/json-excess.ts";
import { readJson } from "../../../server/http/guards/read-json.ts";

const limits = { body_bytes: 64, json_depth: 5, json_values: 20 };

function post(
  body: string | Uint8Array<ArrayBuffer> | ReadableStream | null,
  headers: { [name: string]: string } = {},
) {
  return new Request("http://localhost/", { method: "POST", body, headers, duplex: "half" } as RequestInit);
}

function streamOf(...chunks: (string | Uint8Array)[]) {
  const seen = { pulled: 0, cancelled: false };
  const encoder = new TextEncoder();
  const stream = new ReadableStream(
    {
      pull(controller) {
        const chunk = chunks[seen.pulled];
        if (chunk === undefined) return controller.close();
        seen.pulled++;
        controller.enqueue(typeof chunk === "string" ? encoder.encode(chunk) : chunk);
      },
      cancel() {
        seen.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, seen };
}

async function refusal(request: Request, within = limits): Promise<HubError> {
  const error = await readJson(request, within).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(HubError);
  return error as HubError;
}

describe("a JSON body", () => {
  test("is read whole, announced or in chunks that cut a character", async () => {
    const text = '{"a":["é",1]}';
    const bytes = new TextEncoder().encode(text);
    const { stream } = streamOf(bytes.slice(0, 8), bytes.slice(8));
    expect(await readJson(post(text, { "content-length": String(bytes.length) }), limits)).toEqual({ a: ["é", 1] });
    expect(await readJson(post(stream), limits)).toEqual({ a: ["é", 1] });
  });

  test("may be absent, empty or blank, whatever type is announced", async () => {
    const headers = { "content-type": "application/json" };
    expect(await readJson(post(null, headers), limits)).toBeUndefined();
    expect(await readJson(post("", { ...headers, "content-length": "0" }), limits)).toBeUndefined();
    expect(await readJson(post(" \r\n", headers), limits)).toBeUndefined();
  });

  test("may have exactly as many bytes as the limit and not one more, announced or not", async () => {
    const fits = JSON.stringify("x".repeat(62));
    const over = JSON.stringify("x".repeat(63));
    for (const announce of [true, false]) {
      const headers = (text: string): { [name: string]: string } =>
        announce ? { "content-length": String(text.length) } : {};
      expect(await readJson(post(fits, headers(fits)), limits)).toHaveLength(62);
      expect((await refusal(post(over, headers(over)))).code).toBe("request_too_large");
    }
  });

  test("that is announced too large is refused before any of it is read", async () => {
    const { stream, seen } = streamOf("[1]");
    const error = await refusal(post(stream, { "content-length": "65" }));
    expect(error.code).toBe("request_too_large");
    expect(error.message).toContain("limits.body_bytes");
    expect(seen.pulled).toBe(0);
  });

  test("that grows too large in chunks is refused at once and its stream cancelled", async () => {
    const { stream, seen } = streamOf(...Array.from({ length: 50 }, () => "x".repeat(30)));
    expect((await refusal(post(stream))).code).toBe("request_too_large");
    expect(seen).toEqual({ pulled: 3, cancelled: true });
  });

  test("that understates its length is refused all the same", async () => {
    expect((await refusal(post("x".repeat(100), { "content-length": "3" }))).code).toBe("request_too_large");
  });

  test.each(["{", '{"secret":', "[1,]", "nul", "{} {}", "'a'", '{"secret": hush}'])(
    "%j is refused without being quoted",
    async (text) => {
      const error = await refusal(post(text));
      expect([error.code, error.message]).toEqual(["invalid_request", "The request body is not valid JSON."]);
      expect(error.cause).toBeUndefined();
    },
  );

  test("that is no UTF-8 is refused", async () => {
    const error = await refusal(post(new Uint8Array([0x22, 0xff, 0x22])));
    expect([error.code, error.message]).toEqual(["invalid_request", "The request body is not valid UTF-8."]);
  });

  test.each([
    ['{"generation_config":{"max_output_tokens":1e400}}', "generation_config.max_output_tokens"],
    ['{"a":[1,{"b":-1E+999}]}', "a[1].b"],
    [`[[${"9".repeat(400)}]]`, "[0][0]"],
  ])("with a number that no number can hold is refused with its path: %s", async (text, path) => {
    const error = await refusal(post(text), { ...limits, body_bytes: 1000 });
    expect([error.code, error.field]).toEqual(["invalid_request", path]);
    expect(error.message).toBe(`The number at '${path}' is too large.`);
  });

  test("that is such a number itself is refused too", async () => {
    const error = await refusal(post("-1e400"));
    expect([error.message, error.field]).toEqual(["The number is too large.", undefined]);
  });

  test("with a long name before such a number is refused without repeating all of it", async () => {
    const error = await refusal(post(`{"${"x".repeat(5000)}":1e400}`), { ...limits, body_bytes: 6000 });
    expect(error.message.length).toBeLessThan(120);
  });

  test("may hold numbers that are only small, long or written with an exponent", async () => {
    const text = '{"a":1e-400,"b":1e2,"c":0.12345678901234567890,"d":"1e400"}';
    expect(await readJson(post(text), limits)).toEqual({ a: 0, b: 100, c: 0.12345678901234568, d: "1e400" });
  });

  test("that is compressed is refused", async () => {
    expect((await refusal(post("{}", { "content-encoding": "gzip" }))).code).toBe("invalid_request");
  });

  test("that nests too deep is refused with the setting's name, and never by a full stack", async () => {
    expect(await readJson(post("[[[[[]]]]]"), limits)).toEqual([[[[[]]]]]);
    expect((await refusal(post("[[[[[[]]]]]]"))).message).toContain("limits.json_depth");
    const deep = `${'{"a":['.repeat(200_000)}`;
    expect(
      (await refusal(post(deep), { ...limits, body_bytes: 2 ** 21, json_depth: 100, json_values: 2 ** 21 })).code,
    ).toBe("invalid_request");
  });

  test("that holds too many values is refused with the setting's name, and commas in strings are none", async () => {
    const many = `[${Array.from({ length: 21 }, () => "1").join()}]`;
    expect((await refusal(post(many), { ...limits, body_bytes: 1024 })).message).toContain("limits.json_values");
    const commas = JSON.stringify(["x", ",".repeat(40)]);
    expect(await readJson(post(commas), limits)).toEqual(["x", ",".repeat(40)]);
  });

  test("with a member __proto__ carries it as data and changes no prototype", async () => {
    const body = await readJson(post('{"__proto__": {"polluted": true}}'), limits);
    expect(Object.hasOwn(body as object, "__proto__")).toBe(true);
    expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
    expect("polluted" in {}).toBe(false);
  });
});

describe("nesting", () => {
  function depthOf(value: unknown): number {
    if (typeof value !== "object" || value === null) return 0;
    return 1 + Math.max(0, ...Object.values(value).map(depthOf));
  }

  const trickyText = fc.string({ unit: fc.constantFrom("\\", '"', "[", "]", "{", "}", "a", "é", "\n", "😀") });
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: "large", withCrossShrink: true },
      fc.oneof(trickyText, fc.integer(), fc.constant(null)),
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(trickyText, tie("tree"), { maxKeys: 4 }),
    ),
  }));

  test("is judged as a recursive walk of the parsed value would judge it", () => {
    fc.assert(
      fc.property(tree, fc.constantFrom(undefined, 2), (value, indentation) => {
        const text = JSON.stringify(value, null, indentation);
        const depth = depthOf(value);
        const json_values = Number.POSITIVE_INFINITY;
        expect(jsonExcess(text, { json_depth: depth, json_values })).toBeUndefined();
        if (depth > 0) expect(jsonExcess(text, { json_depth: depth - 1, json_values })).toBe("json_depth");
      }),
      { numRuns: 300 },
    );
  });
});

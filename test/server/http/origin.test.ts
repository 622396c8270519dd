import { type Context, Hono } from "hono";
import { afterEach, describe, expect, test, vi } from "vitest";
import { HubError } from "../../../schema/core/error.ts";
import { cors } from "../../../server/http/guards/cors.ts";
import { originCheck } from "../../../server/http/guards/origin-check.ts";
import { originPolicy } from "../../../server/http/guards/origin-policy.ts";

const host = "127.0.0.1:4460";

function appFor(allowed: string[]): Hono {
  const app = new Hono();
  app.use("*", originCheck(originPolicy(allowed)), cors());
  app.onError((error, context) => context.text(error instanceof HubError ? error.code : String(error), 500));
  app.get("/own", () => new Response("own"));
  app.get("/fails", () => {
    throw new HubError("not_found", "nothing here");
  });
  app.all("/", (context: Context) => {
    context.header("vary", "api-revision", { append: true });
    return context.text("through");
  });
  return app;
}

async function ask(app: Hono, headers: { [name: string]: string }, method = "GET"): Promise<string> {
  return (await app.request("/", { method, headers: { host, ...headers } })).text();
}

function preflight(app: Hono, origin: string, headers: { [name: string]: string } = {}) {
  const asked = { host, origin, "access-control-request-method": "POST", ...headers };
  return app.request("/", { method: "OPTIONS", headers: asked });
}

afterEach(() => vi.unstubAllGlobals());

describe("the origin check", () => {
  const standard = appFor(["loopback", "https://app.example.com"]);

  test.each([
    "http://localhost:5173",
    "https://localhost",
    "http://app.localhost:3000",
    "http://127.0.0.1:8080",
    "http://[::1]:3000",
    "https://app.example.com",
    `http://${host}`,
  ])("admits pages of %s", async (origin) => {
    expect(await ask(standard, { origin }, "POST")).toBe("through");
  });

  test.each([
    "https://evil.example",
    "http://localhost.evil.example",
    "http://evil.example:4460",
    "https://app.example.com.evil.example",
    "http://app.example.com",
    "http://192.168.1.5",
    "http://localhost@evil.example",
    "file://localhost",
    "chrome-extension://localhost",
    "null",
    "",
  ])("refuses pages of %j, whatever the method", async (origin) => {
    for (const method of ["GET", "POST", "DELETE", "OPTIONS"]) {
      expect(await ask(standard, { origin, "content-type": "text/plain" }, method)).toBe("permission_denied");
    }
  });

  test("admits programs, which send no Origin", async () => {
    expect(await ask(standard, {}, "POST")).toBe("through");
    expect(await ask(standard, { "sec-fetch-mode": "cors" }, "POST")).toBe("through");
  });

  test("refuses what pages of other sites embed, but not a link that a person follows", async () => {
    const crossSite = { "sec-fetch-site": "cross-site" };
    const link = { ...crossSite, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    expect(await ask(standard, { ...crossSite, "sec-fetch-mode": "no-cors" })).toBe("permission_denied");
    expect(await ask(standard, { ...link, "sec-fetch-dest": "iframe" })).toBe("permission_denied");
    expect(await ask(standard, link, "POST")).toBe("permission_denied");
    expect(await ask(standard, link)).toBe("through");
    expect(await ask(standard, { "sec-fetch-site": "same-origin" })).toBe("through");
  });

  test("holds loopback pages to the list when the operator leaves loopback out", async () => {
    const narrow = appFor(["http://localhost:5173"]);
    expect(await ask(narrow, { origin: "http://localhost:5173" })).toBe("through");
    expect(await ask(narrow, { origin: "http://localhost:3000" })).toBe("permission_denied");
    expect(await ask(narrow, { origin: `http://${host}` })).toBe("through");
  });

  test("admits null and everything else only when told so", async () => {
    expect(await ask(appFor(["null"]), { origin: "null" })).toBe("through");
    expect(await ask(appFor(["*"]), { origin: "https://evil.example" })).toBe("through");
  });
});

describe("CORS", () => {
  const app = appFor(["loopback"]);
  const origin = "http://localhost:5173";

  test("lets an admitted page read answers, those that handlers build themselves and those of errors", async () => {
    for (const path of ["/", "/own", "/fails"]) {
      const { headers } = await app.request(path, { headers: { host, origin } });
      expect(headers.get("access-control-allow-origin")).toBe(origin);
      expect(headers.get("access-control-expose-headers")).toContain("x-request-id");
      expect(headers.get("vary")).toContain("origin");
      expect(headers.get("access-control-allow-credentials")).toBeNull();
    }
  });

  test("keeps a Vary that the handler appends", async () => {
    const asked: Record<string, string>[] = [{ host }, { host, origin }];
    for (const headers of asked) {
      const vary = (await app.request("/", { headers })).headers.get("vary");
      expect(vary).toContain("api-revision");
      expect(vary).toContain("origin");
    }
  });

  test("answers a preflight of an admitted page alone, and the private network question only when asked", async () => {
    const plain = await preflight(app, origin);
    expect([plain.status, await plain.text()]).toEqual([204, ""]);
    expect(plain.headers.get("access-control-allow-methods")).toBe("GET, POST, DELETE, OPTIONS");
    expect(plain.headers.get("access-control-allow-private-network")).toBeNull();

    const asked = await preflight(app, origin, { "access-control-request-private-network": "true" });
    expect(asked.headers.get("access-control-allow-private-network")).toBe("true");

    const foreign = await preflight(app, "https://evil.example", { "access-control-request-private-network": "true" });
    expect(await foreign.text()).toBe("permission_denied");
    expect([...foreign.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  test.each(["genai-1.52", "genai-2.8", "genai-2.9", "genai-2.32", "genai-3.1"])(
    "admits every header that %s sends",
    async (sdk) => {
      const sent = new Set<string>();
      vi.stubGlobal("fetch", async (input: Request | string | URL, init?: RequestInit) => {
        new Request(input, init).headers.forEach((_value, name) => void sent.add(name));
        const interaction = { id: "i", status: "completed", steps: [], outputs: [], created: "", updated: "" };
        return Response.json(interaction);
      });
      const { GoogleGenAI } = await import(sdk);
      const client = new GoogleGenAI({
        apiKey: "local",
        httpOptions: { baseUrl: "http://hub.invalid", timeout: 1000 },
      });
      await client.interactions.create({ model: "gemini-2.5-flash", input: "Hello" });
      await client.interactions.get("i");
      expect(sent.has("x-goog-api-key")).toBe(true);

      const answer = (await preflight(app, origin)).headers.get("access-control-allow-headers") ?? "";
      const admitted = new Set(answer.split(", "));
      // A browser sets Cookie itself and lets no script send it.
      expect([...sent].filter((name) => name !== "cookie" && !admitted.has(name))).toEqual([]);
    },
  );
});

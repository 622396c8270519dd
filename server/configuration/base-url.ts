import { quietKind, type ValueKind } from "./value-kind.ts";

/** The address under which a server has its API, without a slash at the end. What is refused may hold a password. */
export function baseUrl(): ValueKind<string> {
  return quietKind<string>("url", (value) => {
    const url = typeof value === "string" ? URL.parse(value.trim()) : null;
    if (url === null || !/^https?:$/.test(url.protocol))
      return { wrong: "expected an address like http://host:8000/v1" };
    if (url.username !== "" || url.password !== "") {
      return { wrong: "an address holds no user and no password here; set key or headers" };
    }
    if (/[?#]/.test(url.href)) return { wrong: "expected an address without ? and #" };
    if (/\/(?:chat\/completions|responses)\/*$/.test(url.pathname)) {
      return { wrong: "expected the address that the API's paths are under, without /chat/completions or /responses" };
    }
    return { value: url.href.replace(/\/+$/, "") };
  });
}

import { ConfigurationError } from "../../configuration/configuration-error.ts";
import { clientVariables, type EnvironmentVariables } from "../../configuration/environment-variables.ts";
import type { CommandContext } from "../command-context.ts";
import { usageError } from "../parser/usage-error.ts";
import { readableLine } from "../terminal/readable.ts";

/** A version at the end, which base URLs of SDKs may have, and which every path of REST has anyway. */
const version = /\/(?:v1|v1beta|v1alpha|v1beta1)$/;

/**
 * The address of a hub, as paths are put behind it: without a slash at the end. It may have a path, which a proxy in front of
 * the hub needs. What is refused may hold a password, and is not repeated then.
 */
function hubAddress(given: string): string {
  const url = URL.parse(given.trim());
  if (url === null || !/^https?:$/.test(url.protocol)) {
    const told = given.includes("@") ? "" : `, not "${readableLine(given, 200)}"`;
    throw wrong(`expected something like http://127.0.0.1:4460${told}`);
  }
  if (url.username !== "" || url.password !== "") {
    throw wrong(`it takes no name and no password; set ${clientVariables.key} to a key of the hub`);
  }
  if (/[?#]/.test(url.href)) throw wrong("expected one without ? and #");
  return url.href.replace(/\/+$/, "").replace(version, "");
}

/** Where a hub is, if the command line or the environment says so. */
export function givenAddress({ url, outside }: Pick<CommandContext, "url" | "outside">): string | undefined {
  const given = url ?? (outside.env[clientVariables.url] || undefined);
  return given === undefined ? undefined : hubAddress(given);
}

/** The key to send to a hub, if the environment has one. Line ends around it, as files of keys have them, are no part of it. */
export function hubKey(env: EnvironmentVariables): string | undefined {
  const key = (env[clientVariables.key] ?? "").trim();
  if (key === "") return undefined;
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new ConfigurationError(`${clientVariables.key} holds characters that no key has: keys are printable ASCII`);
}

function wrong(what: string): ConfigurationError {
  return usageError(`the address of the hub: ${what}`);
}

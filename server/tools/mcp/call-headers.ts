/** Set by the protocol itself or by the connection: a request's own value would be ignored or would break the exchange. */
const reserved: ReadonlySet<string> = new Set([
  "accept",
  "connection",
  "content-length",
  "content-type",
  "expect",
  "host",
  "keep-alive",
  "last-event-id",
  "mcp-protocol-version",
  "mcp-session-id",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Why a request's headers cannot be sent to a server, in a sentence without their values; `undefined` if they can. */
export function refuseHeaders(headers: Readonly<Record<string, string>>): string | undefined {
  for (const [name, value] of Object.entries(headers)) {
    if (reserved.has(name.toLowerCase())) return `The header '${name}' is set by the hub and cannot be given.`;
    if (!isHeader(name, value)) return `'${name}' is no name of an HTTP header, or its value cannot stand in one.`;
  }
  return undefined;
}

function isHeader(name: string, value: string): boolean {
  try {
    new Headers([[name, value]]);
    return true;
  } catch {
    return false;
  }
}

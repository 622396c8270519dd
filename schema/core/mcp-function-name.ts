/** The longest name of a function that every vendor takes. */
const LONGEST = 64;

/** What every vendor takes as the name of a function; Google's begin with a letter or an underscore. */
const PLAIN = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** A name that ends like a marked one is marked itself, so that no plain name equals a marked one. */
const MARKED = /_[0-9a-f]{8}$/;

/**
 * The name under which a model is offered a tool of an MCP server as a function: `server__tool`. Where the two cannot stand
 * in a function's name as they are, or where the name would not tell where the server's ends, it ends in a hash of both. The
 * same pair always has the same name, so that a model recognises in the history of a chain what it called.
 */
export function mcpFunctionName(serverName: string, toolName: string): string {
  const joined = `${serverName}__${toolName}`;
  const isClear = PLAIN.test(joined) && !MARKED.test(joined) && !/__|_$/.test(serverName);
  if (isClear && joined.length <= LONGEST) return joined;
  const mark = `_${hashOf(JSON.stringify([serverName, toolName]))}`;
  const begun = joined.replace(/[^A-Za-z0-9_-]/g, "_").replace(/^(?![A-Za-z_])/, "_");
  return `${begun.slice(0, LONGEST - mark.length)}${mark}`;
}

/** FNV-1a over UTF-16 units, in hex. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

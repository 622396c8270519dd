import { ConfigurationError } from "./configuration-error.ts";
import { loadYaml } from "./load-yaml.ts";

/**
 * Reads YAML, and so JSON too. `place` names the text in the message, which repeats none of the text: it may hold a key.
 */
export async function parseYaml(text: string, place: string): Promise<unknown> {
  const { parse, YAMLParseError } = await loadYaml();
  try {
    return parse(text, { prettyErrors: true, logLevel: "error", stringKeys: true });
  } catch (cause) {
    if (cause instanceof ReferenceError) throw new ConfigurationError(`${place}: a * names no anchor (&) before it`);
    if (!(cause instanceof YAMLParseError)) throw cause;
    // After the first line come lines of the text, and after a colon the piece of it that was not understood.
    const [reason = ""] = cause.message.split("\n", 1);
    const what = reason.replace(/ at line .*$/, "").replace(/: .*$/, "");
    const where = cause.linePos?.[0];
    throw new ConfigurationError(
      `${place}: ${what}${where === undefined ? "" : ` at line ${where.line}, column ${where.col}`}`,
    );
  }
}

import { styleText } from "node:util";
import type { EnvironmentVariables } from "../../configuration/environment-variables.ts";
import type { OutputStream } from "../process.ts";

type Color = "bold" | "cyan" | "dim" | "green" | "red" | "yellow";

/** Colours a text, or leaves it as it is. */
export type Paint = (color: Color, text: string) => string;

/** Colours are for terminals. `FORCE_COLOR` has them elsewhere too, `NO_COLOR` nowhere; the former wins, as in Node itself. */
export function createPaint(env: EnvironmentVariables, { isTerminal }: OutputStream): Paint {
  const { FORCE_COLOR: forced = "", NO_COLOR: none = "", TERM: kind } = env;
  const wanted = isForced(forced) ?? (none === "" && kind !== "dumb" && isTerminal);
  return wanted ? (color, text) => styleText(color, text, { validateStream: false }) : (_color, text) => text;
}

function isForced(value: string): boolean | undefined {
  return value === "" ? undefined : value !== "0" && value !== "false";
}

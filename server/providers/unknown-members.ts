import type { Degradation } from "../../schema/core/degradation.ts";
import type { JsonObject } from "../../schema/core/json.ts";
import { shortened } from "../../schema/core/shortened.ts";
import type { Step } from "../../schema/core/step.ts";
import { contentPath, contentsOf } from "./step-contents.ts";

/**
 * What a request says besides what the hub knows of it, in the steps in which somebody speaks and in contents: an upstream
 * that speaks another wire is not given it. `given` are members of steps that it is given all the same.
 */
export function tellUnknownMembers(
  input: readonly Step[],
  upstream: string,
  told: Degradation[],
  given: ReadonlySet<string> = new Set(),
): void {
  const tell = (extra: JsonObject | undefined, path: string): void => {
    for (const name of Object.keys(extra ?? {}))
      told.push({
        field: `${path}.${shortened(name)}`,
        message: `The upstream '${upstream}' does not know '${shortened(name)}', so it was left out.`,
      });
  };
  for (const [index, step] of input.entries()) {
    const path = `input[${index}]`;
    if (step.type === "user_input" || step.type === "model_output")
      tell(Object.fromEntries(Object.entries(step.extra ?? {}).filter(([name]) => !given.has(name))), path);
    for (const [place, content] of contentsOf(step).entries())
      if (content.type !== "other") tell(content.extra, contentPath(step, path, place));
  }
}

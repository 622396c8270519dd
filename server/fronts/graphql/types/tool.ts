import type { Settings } from "../../../../schema/core/settings.ts";
import type { Tool as ToolOf } from "../../../../schema/core/tool.ts";
import { withoutSecrets } from "../../../../schema/core/without-secrets.ts";
import { toolShapes } from "../../../../schema/graphql/tool-shapes.ts";
import { builder } from "../builder.ts";
import { shapeType } from "../shape-fields.ts";

const types = new Map([...toolShapes].map(([type, shape]) => [type, shapeType<ToolOf>(shape)]));

export const Tool = builder.unionType("Tool", {
  description: "A tool that a request offers to the model.",
  types: [...types.values()],
  resolveType: ({ type }: ToolOf) => toolShapes.get(type)?.name,
});

/** The tools of a request, without the secrets in them. */
export function shownTools(settings: Settings): ToolOf[] {
  return withoutSecrets(settings).tools ?? [];
}

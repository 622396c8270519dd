import type { Degradation as DegradationOf } from "../../../../schema/core/degradation.ts";
import type { Failure as FailureOf } from "../../../../schema/core/interaction.ts";
import { degradation } from "../../../../schema/graphql/shapes.ts";
import { errorWireCode } from "../../../../schema/interactions/encode-error.ts";
import { builder } from "../builder.ts";
import { shapeType } from "../shape-fields.ts";

export const Degradation = shapeType<DegradationOf>(degradation);

export const Failure = builder.objectRef<FailureOf>("Failure");
Failure.implement({
  description: "Why an interaction did not complete.",
  fields: (t) => ({
    code: t.string({
      description: "The cause, as REST says it: `rate_limit_exceeded`, `safety`, …",
      resolve: ({ code }) => errorWireCode(code),
    }),
    message: t.exposeString("message", { description: "A sentence for people." }),
  }),
});

import {
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLInt,
  GraphQLNonNull,
  type GraphQLSchema,
  GraphQLString,
  specifiedDirectives,
} from "graphql";
import { builder } from "./builder.ts";
import "./scalars.ts";
import "./types/interaction-links.ts";
import "./types/interaction-log.ts";
import "./roots/diff.ts";
import "./roots/interactions.ts";
import "./roots/mutations.ts";
import "./roots/nodes.ts";
import "./roots/search.ts";
import "./roots/subscriptions.ts";
import "./roots/usage.ts";

const whether = { type: new GraphQLNonNull(GraphQLBoolean), defaultValue: true, description: "Only if this is true." };
const label = { type: GraphQLString, description: "What the part is called in the answer." };

const defer = new GraphQLDirective({
  name: "defer",
  description: "Send this part of the answer later, when it is there.",
  locations: [DirectiveLocation.FRAGMENT_SPREAD, DirectiveLocation.INLINE_FRAGMENT],
  args: { if: whether, label },
});

const stream = new GraphQLDirective({
  name: "stream",
  description: "Send the items of this list one after the other.",
  locations: [DirectiveLocation.FIELD],
  args: {
    if: whether,
    label,
    initialCount: { type: GraphQLInt, defaultValue: 0, description: "How many items to send at once." },
  },
});

/** The schema of this front. It holds nothing: whatever a resolver needs comes with the context. */
export const schema: GraphQLSchema = builder.toSchema({ directives: [...specifiedDirectives, defer, stream] });

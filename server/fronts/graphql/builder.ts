import SchemaBuilder, { type EnumRef, type ObjectRef } from "@pothos/core";
import type { JsonValue } from "../../../schema/core/json.ts";
import type { GraphqlContext } from "./context.ts";

type Scalar<Value> = { Input: Value; Output: Value };

/** What the schema is built with. Fields are not null unless they say so. */
export const builder = new SchemaBuilder<{
  Context: GraphqlContext;
  DefaultFieldNullability: false;
  Scalars: {
    ID: Scalar<string>;
    DateTime: Scalar<number>;
    Date: Scalar<string>;
    JSON: Scalar<JsonValue>;
    SafeInt: Scalar<number>;
    URL: Scalar<string>;
    Base64: Scalar<string>;
    Cursor: Scalar<string>;
  };
}>({ defaultFieldNullability: false });

type Types = (typeof builder)["$inferSchemaTypes"];

/** A type of the schema, for values of one of ours. */
export type TypeOf<Source> = ObjectRef<Types, Source>;

/** An enum of the schema. */
export type EnumOf<Word> = EnumRef<Types, Word>;

builder.queryType({ description: "What can be asked. Nothing here changes anything." });
builder.mutationType({ description: "What can be done. A key that may only look is refused." });
builder.subscriptionType({
  description:
    "What can be watched: over WebSocket (`graphql-transport-ws`), as an event stream, or as `multipart/mixed`. A reader " +
    "that takes too long is cut off, and can go on from its last cursor.",
});

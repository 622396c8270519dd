import { builder, type EnumOf } from "./builder.ts";

/**
 * An enum of our own words, with what each means. They are written as they are everywhere else, in small letters, so that
 * what REST says can be given to GraphQL as it is, and the other way round.
 */
export function wordEnum<Word extends string>(
  name: string,
  description: string,
  notes: { readonly [Each in Word]: string },
): EnumOf<Word> {
  const told = Object.entries<string>(notes);
  const ref = builder.enumType(name, {
    description,
    values: Object.fromEntries(told.map(([word, note]) => [word, { value: word, description: note }])),
  });
  return ref as unknown as EnumOf<Word>;
}

import { z } from "zod";

/**
 * Something that an upstream could not be given as it was: it got less, or got it in another form. `field` is the path of
 * the request's member (`generation_config.seed`), or `history[3]` for a step of the chain, counted from its first; `message`
 * is a sentence for people that says what was done instead.
 */
export const Degradation = z.strictObject({ field: z.string(), message: z.string() });
export type Degradation = z.infer<typeof Degradation>;

import { z } from "zod";

/** A model or an agent that an upstream offers. Token limits are absent where the upstream does not tell them. */
export const ModelInfo = z.strictObject({
  id: z.string(),
  kind: z.enum(["model", "agent"]),
  provider: z.string(),
  display_name: z.string().optional(),
  description: z.string().optional(),
  version: z.string().optional(),
  input_token_limit: z.number().int().optional(),
  output_token_limit: z.number().int().optional(),
  thinking: z.boolean().optional(),
});
export type ModelInfo = z.infer<typeof ModelInfo>;

/** How an upstream is: it answered when it was asked last, or it did not. */
export const upstreamHealths = ["ok", "failing"] as const;
export type UpstreamHealth = (typeof upstreamHealths)[number];

/** An upstream, and how it is. Times are milliseconds. */
export type UpstreamState = {
  name: string;
  /** What it speaks: `openai-chat`, `openai-responses`, `gemini` or `simulator`. */
  kind: string;
  /** Where it is, if that is not its vendor's own address. */
  address?: string;
  health: UpstreamHealth;
  /** Why it is failing, as a sentence for people that tells no secrets. */
  trouble?: string;
  /** When it was asked last, since 1970. */
  checked_at: number;
  /** How long its answer took. */
  latency: number;
  /** How many models and agents it lists. */
  models: number;
};

import { z } from "zod";
import { type TerminalStatus, terminalStatuses } from "../../schema/core/interaction.ts";
import { longestTimer } from "./longest-timer.ts";
import { optionalSetting, setting } from "./setting.ts";
import { choice, duration, durationOrForever } from "./value-kind.ts";

const day = 86_400_000;
const profiles = { forever: null, paid: 55 * day, free: day } as const;
const profileNames = ["forever", "paid", "free"] as const satisfies (keyof typeof profiles)[];

const longest = 36_500 * day;

function statusSetting(status: TerminalStatus) {
  return optionalSetting(
    durationOrForever(1000, longest),
    "by profile",
    `How long interactions that ended as \`${status}\` are kept.`,
  );
}

/** How long ended interactions are kept, in milliseconds by status; null is for ever. */
export const Retention = z
  .strictObject({
    profile: setting(
      choice(profileNames),
      "forever",
      "How long interactions are kept: `forever`, or as Google does for `paid` (55 days) or `free` (1 day) projects.",
    ),
    completed: statusSetting("completed"),
    requires_action: statusSetting("requires_action"),
    incomplete: statusSetting("incomplete"),
    failed: statusSetting("failed"),
    cancelled: statusSetting("cancelled"),
    sweep_interval: setting(duration(1000, longestTimer), "10m", "How often the hub looks for interactions to forget."),
  })
  .prefault({})
  .transform((retention) => {
    const byProfile = profiles[retention.profile];
    const kept = (status: TerminalStatus): [TerminalStatus, number | null] => {
      const own = retention[status];
      return [status, own === undefined ? byProfile : own];
    };
    const byStatus = Object.fromEntries(terminalStatuses.map(kept)) as Record<TerminalStatus, number | null>;
    return { profile: retention.profile, sweep_interval: retention.sweep_interval, ...byStatus };
  });
export type Retention = z.infer<typeof Retention>;

import { ownUsage } from "./own-usage.ts";

// Loaded into a server that is measured, before the server itself: it tells the bench what the process has used so far.

process.on("message", () => process.send?.(ownUsage()));
// However the bench ends, its servers end with it.
process.on("disconnect", () => process.exit());
process.channel?.unref();

// Loaded into a server that is measured, before the server itself: it tells the bench what the process has used so far.

process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({
    cpu: user + system,
    memory: process.memoryUsage.rss(),
    largestMemory: process.resourceUsage().maxRSS * 1024,
  });
});
// However the bench ends, its servers end with it.
process.on("disconnect", () => process.exit());
process.channel?.unref();

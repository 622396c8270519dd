/** The oldest Node that bundles run on: what the driver of the database and the syntax of dependencies ask for. */
export const oldestNode = "22.19";

/** Refuses to go on under a Node that would break off without a word when it loads the driver. */
export function refuseOldNode(version: string): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode.split(".").map(Number);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new Error(
    `interactions-hub needs Node ${oldestNode} or newer within a program, and this is ${version}. Its command runs on older ones.`,
  );
}

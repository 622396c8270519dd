/**
 * The executable to start for a Node that npm installed on Linux, given its path: that one, or on a machine without libatomic a
 * copy that does without. The copy is made at the first start and kept in Node's package, with which npm removes it.
 * Throws an error with a text for people where it is needed and cannot be made.
 */
export function startableNode(node: string): Promise<string>;

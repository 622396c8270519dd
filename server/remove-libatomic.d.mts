/**
 * Changes Node's executable for Linux, given as the bytes of its file, so that it runs without libatomic. Its length stays.
 * Throws, and changes nothing, where the file is not such an executable or anything in it is not as it was in those that were
 * looked at.
 */
export function removeLibatomic(file: Buffer): void;

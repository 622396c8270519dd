import { createHash } from "node:crypto";

const COMMAND = { segment: 0x19, signature: 0x1d } as const;
const MAGIC = { executable: 0xfeedfacf, superBlob: 0xfade0cc0, codeDirectory: 0xfade0c02 } as const;
const HEADER = 32;
const SIGNATURE_COMMAND = 16;
const SUPER_BLOB = 20;
const CODE_DIRECTORY = 88;
const HASH = 32;
const PAGE = 4096;
/** Segments of any Mac begin on one of these. */
const SEGMENT_PAGE = 0x4000;
/** Without a certificate, as a linker signs: whoever has one may sign over it. */
const FLAGS = 0x20002;
const MAIN_BINARY = 1n;

/** A load command: where it stands, its kind, and its length. */
type Command = { at: number; kind: number; size: number };

/**
 * A Mach-O executable with an ad-hoc signature: the hashes of its pages and nobody's name. macOS starts nothing on Apple
 * silicon whose pages are unsigned or changed. The layout is that of xnu's cs_blobs.h. Throws on anything but a
 * little-endian 64-bit executable for one processor, ending with its link data, that is not signed and has room for one
 * more load command.
 */
export function signMachO(file: Buffer, identifier: string): Buffer {
  if (file.readUInt32LE(0) !== MAGIC.executable) throw new Error("This is no 64-bit Mach-O file for one processor.");
  const commands = readCommands(file);
  if (commands.some(({ kind }) => kind === COMMAND.signature)) throw new Error("The Mach-O file is signed already.");
  const text = segment(file, commands, "__TEXT");
  const link = segment(file, commands, "__LINKEDIT");
  const linkAt = Number(file.readBigUInt64LE(link.at + 40));
  if (linkAt + Number(file.readBigUInt64LE(link.at + 48)) !== file.length) {
    throw new Error("The Mach-O file does not end with its link data.");
  }

  const limit = Math.ceil(file.length / 16) * 16;
  const length = signatureLength(limit, identifier);
  const code = Buffer.alloc(limit);
  file.copy(code);
  addCommand(code, text, limit, length);
  const linkLength = limit + length - linkAt;
  code.writeBigUInt64LE(BigInt(Math.ceil(linkLength / SEGMENT_PAGE) * SEGMENT_PAGE), link.at + 32);
  code.writeBigUInt64LE(BigInt(linkLength), link.at + 48);
  const textRange = { at: code.readBigUInt64LE(text.at + 40), length: code.readBigUInt64LE(text.at + 48) };
  return Buffer.concat([code, signature(code, identifier, textRange)], limit + length);
}

/** Says in the header where the signature is. */
function addCommand(code: Buffer, text: Command, signatureAt: number, length: number): void {
  const commandsLength = code.readUInt32LE(20);
  const at = HEADER + commandsLength;
  const sections = Array.from({ length: code.readUInt32LE(text.at + 64) }, (_, index) => text.at + 72 + index * 80);
  const room = Math.min(...sections.map((section) => code.readUInt32LE(section + 48)));
  if (at + SIGNATURE_COMMAND > room) throw new Error("The Mach-O file has no room for a signature.");
  for (const [index, word] of [COMMAND.signature, SIGNATURE_COMMAND, signatureAt, length].entries()) {
    code.writeUInt32LE(word, at + index * 4);
  }
  code.writeUInt32LE(code.readUInt32LE(16) + 1, 16);
  code.writeUInt32LE(commandsLength + SIGNATURE_COMMAND, 20);
}

function readCommands(file: Buffer): Command[] {
  const commands: Command[] = [];
  let at = HEADER;
  for (let count = file.readUInt32LE(16); count > 0; count -= 1) {
    const size = file.readUInt32LE(at + 4);
    commands.push({ at, kind: file.readUInt32LE(at), size });
    at += size;
  }
  return commands;
}

function segment(file: Buffer, commands: readonly Command[], name: string): Command {
  const found = commands.find(({ at, kind }) => {
    return kind === COMMAND.segment && file.toString("latin1", at + 8, at + 24).replace(/\0.*/s, "") === name;
  });
  if (found === undefined) throw new Error(`The Mach-O file has no segment ${name}.`);
  return found;
}

/** Bytes of the whole signature, filled up so that whatever follows is in its place. */
function signatureLength(limit: number, identifier: string): number {
  const exact = SUPER_BLOB + CODE_DIRECTORY + identifier.length + 1 + Math.ceil(limit / PAGE) * HASH;
  return Math.ceil(exact / 16) * 16;
}

function signature(code: Buffer, identifier: string, text: { at: bigint; length: bigint }): Buffer {
  const pages = Math.ceil(code.length / PAGE);
  const hashesAt = CODE_DIRECTORY + identifier.length + 1;
  const directoryLength = hashesAt + pages * HASH;
  const blob = Buffer.alloc(signatureLength(code.length, identifier));
  // One blob in the list: of kind 0, the code directory, right behind it.
  const list = [MAGIC.superBlob, SUPER_BLOB + directoryLength, 1, 0, SUPER_BLOB];
  for (const [index, word] of list.entries()) blob.writeUInt32BE(word, index * 4);

  const directory = blob.subarray(SUPER_BLOB);
  const version = 0x20400;
  const words = [MAGIC.codeDirectory, directoryLength, version, FLAGS, hashesAt, CODE_DIRECTORY, 0, pages, code.length];
  for (const [index, word] of words.entries()) directory.writeUInt32BE(word, index * 4);
  // The length of a hash, its kind (SHA-256), no platform, and the logarithm of the page's size.
  directory.set([HASH, 2, 0, Math.log2(PAGE)], 36);
  directory.writeBigUInt64BE(text.at, 64);
  directory.writeBigUInt64BE(text.length, 72);
  directory.writeBigUInt64BE(MAIN_BINARY, 80);
  directory.write(identifier, CODE_DIRECTORY, "latin1");
  for (let page = 0; page < pages; page += 1) {
    const bytes = code.subarray(page * PAGE, (page + 1) * PAGE);
    directory.set(createHash("sha256").update(bytes).digest(), hashesAt + page * HASH);
  }
  return blob;
}

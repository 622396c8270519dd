const HEADER = 64;
const SECTION = 64;
const PROGRAM = 56;
const ALLOCATED = 2n;
const LOADED = 1;
const LIST = { strings: 3, none: 0, noBits: 8 } as const;

/** A line of the table of sections; numbers as they stand in the file, `data` what the line is about where it is kept. */
type Section = { index: number; header: Buffer; name: string; type: number; isLoaded: boolean };

/**
 * An executable for Linux without the symbols and debugging data that are never loaded when it runs: a quarter of Node is
 * that. What is loaded stays byte for byte where it is. It does what `strip` does, for any processor and on any machine.
 * Throws on anything but a little-endian 64-bit ELF file.
 */
export function trimElf(file: Buffer): Buffer {
  if (file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1) {
    throw new Error("This is no little-endian 64-bit ELF file.");
  }
  const sections = readSections(file);
  const kept = sections.filter(({ type, isLoaded }) => isLoaded || type === LIST.none);
  const end = endOfLoaded(file, kept);
  const names = nameTable(kept.map(({ name }) => name));
  const places = new Map(kept.map(({ index }, place) => [index, place]));
  const headers = kept.map(({ header, name }) => moved(header, names.offsets.get(name) ?? 0, places));
  headers.push(stringsHeader(names.offsets.get(".shstrtab") ?? 0, end, names.bytes.length));

  const tableAt = Math.ceil((end + names.bytes.length) / 8) * 8;
  const trimmed = Buffer.alloc(tableAt + headers.length * SECTION);
  file.copy(trimmed, 0, 0, end);
  names.bytes.copy(trimmed, end);
  for (const [place, header] of headers.entries()) header.copy(trimmed, tableAt + place * SECTION);
  trimmed.writeBigUInt64LE(BigInt(tableAt), 40);
  trimmed.writeUInt16LE(headers.length, 60);
  trimmed.writeUInt16LE(headers.length - 1, 62);
  return trimmed;
}

function readSections(file: Buffer): Section[] {
  const at = Number(file.readBigUInt64LE(40));
  const count = file.readUInt16LE(60);
  const namesIndex = file.readUInt16LE(62);
  const namesHeader = at + namesIndex * SECTION;
  const namesAt = Number(file.readBigUInt64LE(namesHeader + 24));
  return Array.from({ length: count }, (_, index) => {
    const header = Buffer.from(file.subarray(at + index * SECTION, at + (index + 1) * SECTION));
    const nameAt = namesAt + header.readUInt32LE(0);
    return {
      index,
      header,
      name: file.toString("latin1", nameAt, file.indexOf(0, nameAt)),
      type: header.readUInt32LE(4),
      isLoaded: (header.readBigUInt64LE(8) & ALLOCATED) !== 0n,
    };
  });
}

/** Where the last byte is that is loaded, whether sections or the list of segments say so. */
function endOfLoaded(file: Buffer, kept: readonly Section[]): number {
  const at = Number(file.readBigUInt64LE(32));
  const segments = Array.from({ length: file.readUInt16LE(56) }, (_, index) => at + index * PROGRAM);
  const ends = segments
    .filter((segment) => file.readUInt32LE(segment) === LOADED)
    .map((segment) => Number(file.readBigUInt64LE(segment + 8) + file.readBigUInt64LE(segment + 32)));
  const sectionEnds = kept
    .filter(({ type }) => type !== LIST.noBits && type !== LIST.none)
    .map(({ header }) => Number(header.readBigUInt64LE(24) + header.readBigUInt64LE(32)));
  return Math.max(HEADER, at + segments.length * PROGRAM, ...ends, ...sectionEnds);
}

function nameTable(names: readonly string[]): { bytes: Buffer; offsets: Map<string, number> } {
  const offsets = new Map<string, number>();
  let text = "\0";
  for (const name of ["", ...names, ".shstrtab"]) {
    if (offsets.has(name)) continue;
    offsets.set(name, name === "" ? 0 : text.length);
    if (name !== "") text += `${name}\0`;
  }
  return { bytes: Buffer.from(text, "latin1"), offsets };
}

/** A line of the table with its name and its references to other lines where they are now. */
function moved(header: Buffer, nameAt: number, places: ReadonlyMap<number, number>): Buffer {
  const copy = Buffer.from(header);
  copy.writeUInt32LE(nameAt, 0);
  copy.writeUInt32LE(places.get(header.readUInt32LE(40)) ?? 0, 40);
  const type = header.readUInt32LE(4);
  // Only for relocations is this a line of the table.
  if (type === 4 || type === 9) copy.writeUInt32LE(places.get(header.readUInt32LE(44)) ?? 0, 44);
  return copy;
}

function stringsHeader(nameAt: number, at: number, length: number): Buffer {
  const header = Buffer.alloc(SECTION);
  header.writeUInt32LE(nameAt, 0);
  header.writeUInt32LE(LIST.strings, 4);
  header.writeBigUInt64LE(BigInt(at), 24);
  header.writeBigUInt64LE(BigInt(length), 32);
  header.writeBigUInt64LE(1n, 48);
  return header;
}

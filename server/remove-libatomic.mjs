// Plain JavaScript, because the launcher runs it in old Node versions and the build runs it too.
//
// Since version 25 Node's own executables for Linux need the library libatomic.so.1 (its BUILDING.md says so), which bare images
// and many servers lack: they then end at once with "error while loading shared libraries". All that they want of it is one
// function, `__atomic_compare_exchange`, which Clang calls where it cannot prove that 8 bytes are aligned, in V8's tables of
// functions. (In Node 26.10 there are eight calls for x64 and twelve for arm64; disassembled, each has the size 8.) So the
// function is put into the executable, where the last page of its code has room, and the library is struck off its list.
//
// The tables are those of the ELF specification and, for versions, of the Linux Standard Base. The function's arguments
// are those that GCC documents for libatomic.

const LIBRARY = "libatomic.so.1";
const FUNCTION = "__atomic_compare_exchange";

/**
 * bool __atomic_compare_exchange(size_t size, void *at, void *expected, void *desired, int success, int failure), for 8
 * bytes and in sequential consistency, which is as strong as any order that is asked for. It stops the process at another
 * size, so that a Node that uses more than was looked at fails and never goes on with wrong data.
 */
const ROUTINES = new Map([
  [
    62, // x64
    [
      "f30f1efa", // endbr64
      "4883ff08 7517", // cmp rdi, 8; jne other
      "488b02 488b09", // mov rax, [rdx]; mov rcx, [rcx]
      "f0480fb10e 7403", // lock cmpxchg [rsi], rcx; je done
      "488902", // mov [rdx], rax
      "0f94c0 0fb6c0 c3", // done: sete al; movzx eax, al; ret
      "0f0b", // other: ud2
    ],
  ],
  [
    183, // arm64, without the instructions that only newer processors have
    [
      "5f2403d5", // bti c
      "1f2000f1 c1010054", // cmp x0, #8; b.ne other
      "440040f9 630040f9", // ldr x4, [x2]; ldr x3, [x3]
      "25fc5fc8 bf0004eb a1000054", // again: ldaxr x5, [x1]; cmp x5, x4; b.ne differs
      "23fc06c8 86ffff35", // stlxr w6, x3, [x1]; cbnz w6, again
      "20008052 c0035fd6", // mov w0, #1; ret
      "5f3f03d5 450000f9", // differs: clrex; str x5, [x2]
      "00008052 c0035fd6", // mov w0, #0; ret
      "000020d4", // other: brk #0
    ],
  ],
]);

const LOADED = 1;
const DYNAMIC = 2;
const EXECUTABLE = 1;
const TAG = { end: 0, needed: 1, strings: 5, symbols: 6, relocations: 7, relocationsSize: 8, relocationSize: 9 };
const CALLS = { size: 2, format: 20, at: 23 };
const VERSIONS = { ofSymbols: 0x6ffffff0, needed: 0x6ffffffe, neededCount: 0x6fffffff };
/** The smallest page of these processors: what is in it is mapped with the segment, whatever the size of the real one. */
const PAGE = 4096;
const LOCAL_FUNCTION = 2;
const HIDDEN = 2;
/** An address that is what it says, in no section. */
const ABSOLUTE = 0xfff1;

/**
 * Changes Node's executable for Linux, given as the bytes of its file, so that it runs without libatomic. Its length stays.
 * Throws, and changes nothing, where the file is not such an executable or anything in it is not as it was in those that were
 * looked at.
 */
export function removeLibatomic(file) {
  const segments = readSegments(file);
  const dynamic = readDynamic(file, segments);
  const needed = dynamic.entries.find(({ tag, value }) => tag === TAG.needed && dynamic.string(value) === LIBRARY);
  if (needed === undefined) refuse(`it does not need ${LIBRARY}`);
  const record = versionsOf(file, dynamic);
  const symbol = wantedSymbol(file, dynamic, record.versions);
  const routine = roomForRoutine(file, segments);

  // Nothing was changed before this line, and nothing is refused after it.
  routine.bytes.copy(file, routine.offset);
  for (const field of [32, 40]) file.writeBigUInt64LE(BigInt(routine.size), routine.segment + field);
  // The dynamic linker looks for a hidden symbol nowhere else, and for a local one neither: the relocation of the call
  // then finds the routine, and nobody else sees it.
  file[symbol.entry + 4] = LOCAL_FUNCTION;
  file[symbol.entry + 5] = HIDDEN;
  file.writeUInt16LE(ABSOLUTE, symbol.entry + 6);
  file.writeBigUInt64LE(BigInt(routine.address), symbol.entry + 8);
  file.writeBigUInt64LE(BigInt(routine.bytes.length), symbol.entry + 16);
  file.writeUInt16LE(0, symbol.version);
  unlink(file, record);
  file.writeBigUInt64LE(BigInt(record.count.value - 1), record.count.at + 8);
  file.copy(file, needed.at, needed.at + 16, dynamic.end);
}

function readSegments(file) {
  if (file.length < 64 || file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1) {
    refuse("it is no little-endian 64-bit ELF file");
  }
  if (file.readUInt16LE(16) !== 2 || !ROUTINES.has(file.readUInt16LE(18))) {
    refuse("it is no executable with fixed addresses for x64 or arm64");
  }
  const table = number(file, 32);
  const count = file.readUInt16LE(56);
  if (file.readUInt16LE(54) !== 56 || table + count * 56 > file.length) refuse("its list of segments is cut off");
  return Array.from({ length: count }, (_, index) => {
    const at = table + index * 56;
    const [offset, address, size, memory] = [8, 16, 32, 40].map((field) => number(file, at + field));
    if (offset + size > file.length) refuse("a segment is cut off");
    return { at, type: file.readUInt32LE(at), flags: file.readUInt32LE(at + 4), offset, address, size, memory };
  });
}

/** The list that the dynamic linker reads, and how to find what it points to. */
function readDynamic(file, segments) {
  const segment = segments.find(({ type }) => type === DYNAMIC);
  if (segment === undefined) refuse("it needs no library at all");
  const all = Array.from({ length: Math.floor(segment.size / 16) }, (_, index) => {
    const at = segment.offset + index * 16;
    return { at, tag: number(file, at), value: number(file, at + 8) };
  });
  const last = all.findIndex(({ tag }) => tag === TAG.end);
  if (last === -1) refuse("its list of libraries has no end");
  const entries = all.slice(0, last);

  const entry = (tag) => {
    const found = entries.find((one) => one.tag === tag);
    return found ?? refuse(`its dynamic section has no entry ${tag.toString(16)}`);
  };
  const locate = (address, length) => {
    const holder = segments.find(
      (one) => one.type === LOADED && address >= one.address && address + length <= one.address + one.size,
    );
    return holder === undefined
      ? refuse("a table is outside of what is loaded")
      : holder.offset + address - holder.address;
  };
  const string = (offset) => {
    const from = locate(entry(TAG.strings).value + offset, 1);
    const to = file.indexOf(0, from);
    return to === -1 ? refuse("a name is cut off") : file.toString("latin1", from, to);
  };
  return { entries, entry, locate, string, end: segment.offset + (last + 1) * 16 };
}

/** The record of the versions that are wanted of the library, its neighbours in the chain, and the versions' numbers. */
function versionsOf(file, { entry, locate, string }) {
  const count = entry(VERSIONS.neededCount);
  let before;
  let address = entry(VERSIONS.needed).value;
  for (let index = 0; index < count.value; index++) {
    const at = locate(address, 16);
    const next = file.readUInt32LE(at + 12);
    if (string(file.readUInt32LE(at + 4)) === LIBRARY) {
      if (next === 0 && before === undefined) refuse("it needs versions of no other library");
      const versions = new Set();
      let version = address + file.readUInt32LE(at + 8);
      for (let left = file.readUInt16LE(at + 2); left > 0; left--) {
        const place = locate(version, 16);
        versions.add(file.readUInt16LE(place + 6));
        version += file.readUInt32LE(place + 12);
      }
      return { at, before, next: next === 0 ? undefined : locate(address + next, 16), versions, count };
    }
    if (next === 0) break;
    before = at;
    address += next;
  }
  return refuse(`it names no version of ${LIBRARY}`);
}

/** Where the only symbol is that any relocation wants of the library, and where its version. */
function wantedSymbol(file, { entries, entry, locate, string }, versions) {
  if (entry(TAG.relocationSize).value !== 24 || entry(CALLS.format).value !== TAG.relocations) {
    refuse("its relocations have another form");
  }
  const wanted = new Set();
  for (const [table, bytes] of [
    [TAG.relocations, TAG.relocationsSize],
    [CALLS.at, CALLS.size],
  ]) {
    if (!entries.some(({ tag }) => tag === table)) continue;
    const size = entry(bytes).value;
    const from = locate(entry(table).value, size);
    for (let at = from; at + 24 <= from + size; at += 24) {
      const index = file.readUInt32LE(at + 12);
      const version = locate(entry(VERSIONS.ofSymbols).value + index * 2, 2);
      if (versions.has(file.readUInt16LE(version) & 0x7fff)) wanted.add(index);
    }
  }
  const [index] = wanted;
  if (wanted.size !== 1) refuse(`it uses ${wanted.size} functions of ${LIBRARY}`);
  const symbol = locate(entry(TAG.symbols).value + index * 24, 24);
  const name = string(file.readUInt32LE(symbol));
  if (name !== FUNCTION) refuse(`it uses ${name} of ${LIBRARY}`);
  return { entry: symbol, version: locate(entry(VERSIONS.ofSymbols).value + index * 2, 2) };
}

/** A place for the routine between the end of the code and the end of its last page, which nothing else has in the file. */
function roomForRoutine(file, segments) {
  const bytes = Buffer.from((ROUTINES.get(file.readUInt16LE(18)) ?? []).join("").replaceAll(" ", ""), "hex");
  const loaded = segments.filter(({ type }) => type === LOADED);
  const [code, ...others] = loaded.filter(({ flags }) => (flags & EXECUTABLE) !== 0);
  if (code === undefined || others.length > 0 || code.size !== code.memory) refuse("its code is not in one segment");
  const used = code.address + code.size;
  const address = Math.ceil(used / 16) * 16;
  const size = address + bytes.length - code.address;
  const [from, to] = [code.offset + code.size, code.offset + size];
  const isTaken =
    address + bytes.length > Math.ceil(used / PAGE) * PAGE ||
    loaded.some((one) => one !== code && one.offset < to && one.offset + one.size > from) ||
    to > file.length ||
    file.subarray(from, to).some((byte) => byte !== 0);
  if (isTaken) refuse("its code has no room left in its last page");
  return { bytes, address, offset: to - bytes.length, size, segment: code.at };
}

/** Takes a record out of the chain: the next one takes its place, so that the chain begins where it did. */
function unlink(file, { at, before, next }) {
  if (next === undefined) {
    file.writeUInt32LE(0, before + 12);
    return;
  }
  file.copy(file, at, next, next + 16);
  for (const field of [8, 12]) {
    const distance = file.readUInt32LE(at + field);
    if (distance !== 0) file.writeUInt32LE(distance + next - at, at + field);
  }
}

function number(file, at) {
  return Number(file.readBigUInt64LE(at));
}

function refuse(reason) {
  throw new Error(`This executable cannot be freed of ${LIBRARY}: ${reason}.`);
}

/** All bytes of some pieces, or `undefined` as soon as there are more than `most`. */
export async function boundedBytes(pieces: AsyncIterable<Uint8Array>, most: number): Promise<Buffer | undefined> {
  const read: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece);
    length += bytes.length;
    if (length > most) return undefined;
    read.push(bytes);
  }
  return Buffer.concat(read);
}

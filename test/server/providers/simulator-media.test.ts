import { crc32, inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { isMedia, type MediaContent } from "../../../schema/core/content.ts";
import type { ResponseFormat } from "../../../schema/core/settings.ts";
import { callOf, eventsOf, foldOf } from "../../cases/provider.ts";
import { outputOf, quick } from "../../cases/quick-simulator.ts";

async function mediaFor(...formats: ResponseFormat[]): Promise<MediaContent[]> {
  const { output } = await outputOf("Draw and sing of four tall trees", { response_format: formats });
  const last = output.at(-1);
  return last?.type === "model_output" ? last.content.filter(isMedia) : [];
}

function bytesOf(media: MediaContent | undefined): Buffer {
  return Buffer.from(media?.data ?? "", "base64");
}

/** The chunks of a PNG, each with a check sum that is right. */
function chunksOf(png: Buffer): Map<string, Buffer> {
  expect(png.subarray(0, 8)).toEqual(Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]));
  const chunks = new Map<string, Buffer>();
  for (let place = 8; place < png.length; ) {
    const length = png.readUInt32BE(place);
    const body = png.subarray(place + 4, place + 8 + length);
    expect(png.readUInt32BE(place + 8 + length)).toBe(crc32(body));
    chunks.set(body.toString("latin1", 0, 4), body.subarray(4));
    place += 12 + length;
  }
  return chunks;
}

/** The colours of the blocks of a JPEG whose blocks are of one colour each, read with the tables that it brings. */
function blocksOf(jpeg: Buffer): number[][] {
  const segments = new Map<string, Buffer>();
  let place = 2;
  while (jpeg[place + 1] !== 0xda) {
    const length = jpeg.readUInt16BE(place + 2);
    const kind = jpeg[place + 1] ?? 0;
    segments.set(kind === 0xc4 ? `table ${jpeg[place + 4]}` : `${kind}`, jpeg.subarray(place + 4, place + 2 + length));
    place += 2 + length;
  }
  place += 2 + jpeg.readUInt16BE(place + 2);
  const step = segments.get(`${0xdb}`)?.[1] ?? 0;
  let bits = "";
  for (; place < jpeg.length - 2; place += jpeg[place] === 0xff ? 2 : 1)
    bits += (jpeg[place] ?? 0).toString(2).padStart(8, "0");
  const codes = [codesIn(segments.get("table 0")), codesIn(segments.get("table 16"))] as const;
  let at = 0;
  const symbol = (table: Map<string, number>): number => {
    let code = "";
    while (!table.has(code)) {
      if (at >= bits.length) throw new Error("the data end within a block");
      code += bits[at++];
    }
    return table.get(code) ?? 0;
  };
  const values = [0, 0, 0];
  const blocks: number[][] = [];
  while (bits.length - at >= 8) {
    for (let component = 0; component < 3; component += 1) {
      const size = symbol(codes[0]);
      const raw = size === 0 ? 0 : Number.parseInt(bits.slice(at, at + size), 2);
      at += size;
      values[component] = (values[component] ?? 0) + (size > 0 && raw < 2 ** (size - 1) ? raw - 2 ** size + 1 : raw);
      expect(symbol(codes[1])).toBe(0);
    }
    const [light = 0, blue = 0, red = 0] = values.map((value) => (value * step) / 8);
    blocks.push([
      light + 128 + 1.402 * red,
      light + 128 - 0.344136 * blue - 0.714136 * red,
      light + 128 + 1.772 * blue,
    ]);
  }
  return blocks;
}

/** The code words of a Huffman table segment. */
function codesIn(table: Buffer = Buffer.alloc(17)): Map<string, number> {
  const codes = new Map<string, number>();
  let code = 0;
  let next = 17;
  for (let length = 1; length <= 16; length += 1) {
    for (let count = table[length] ?? 0; count > 0; count -= 1)
      codes.set((code++).toString(2).padStart(length, "0"), table[next++] ?? 0);
    code <<= 1;
  }
  return codes;
}

describe("the simulator's images", () => {
  it.each([
    ["1:1", undefined, 256, 256],
    ["16:9", undefined, 344, 192],
    ["9:16", "1K", 768, 1368],
    ["8:1", "1k", 2896, 360],
  ])("are PNG files of about the shape %s", async (aspect_ratio, image_size, width, height) => {
    const [image] = await mediaFor({
      type: "image",
      aspect_ratio,
      ...(image_size === undefined ? {} : { image_size }),
    });
    expect(image?.mime_type).toBe("image/png");
    const chunks = chunksOf(bytesOf(image));
    const header = chunks.get("IHDR") ?? Buffer.alloc(0);
    expect([header.readUInt32BE(0), header.readUInt32BE(4), header[8], header[9]]).toEqual([width, height, 8, 3]);
    const pixels = inflateSync(chunks.get("IDAT") ?? Buffer.alloc(0));
    expect(pixels).toHaveLength(height * (width + 1));
    const colours = (chunks.get("PLTE")?.length ?? 0) / 3;
    for (let line = 0; line < height; line += 1) expect(pixels[line * (width + 1)]).toBe(0);
    expect(pixels.every((pixel) => pixel < colours)).toBe(true);
    expect(new Set(pixels).size).toBeGreaterThan(4);
    expect([...chunks.keys()].at(-1)).toBe("IEND");
  });

  it("are JPEG files where that is asked for", async () => {
    const [image] = await mediaFor({ type: "image", mime_type: "image/jpeg", aspect_ratio: "4:3" });
    const bytes = bytesOf(image);
    expect(image?.mime_type).toBe("image/jpeg");
    expect([bytes.readUInt16BE(0), bytes.readUInt16BE(bytes.length - 2)]).toEqual([0xffd8, 0xffd9]);
    const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
    expect([bytes.readUInt16BE(frame + 5), bytes.readUInt16BE(frame + 7)]).toEqual([224, 296]);
  });

  it("show in JPEG what they show in PNG", async () => {
    const [png] = await mediaFor({ type: "image" });
    const [jpeg] = await mediaFor({ type: "image", mime_type: "image/jpeg" });
    const chunks = chunksOf(bytesOf(png));
    const palette = chunks.get("PLTE") ?? Buffer.alloc(0);
    const pixels = inflateSync(chunks.get("IDAT") ?? Buffer.alloc(0));
    const blocks = blocksOf(bytesOf(jpeg));
    expect(blocks).toHaveLength(32 * 32);
    for (const [place, colour] of blocks.entries()) {
      const pixel = pixels[Math.floor(place / 32) * 8 * 257 + 1 + (place % 32) * 8] ?? 0;
      for (const [channel, value] of colour.entries()) {
        expect(Math.abs(value - (palette[pixel * 3 + channel] ?? 0)), `block ${place}`).toBeLessThanOrEqual(3);
      }
    }
  });

  it("come with words from an image model, and count as output of their kind", async () => {
    const events = await eventsOf(quick, callOf("gemini-3-pro-image-preview", "a cat"));
    const { output, usage } = foldOf(events);
    expect(output.at(-1)).toMatchObject({ content: [{ type: "text" }, { type: "image", mime_type: "image/png" }] });
    expect(usage?.output_tokens_by_modality).toContainEqual({ modality: "image", tokens: 258 });
  });
});

describe("the simulator's sounds", () => {
  it.each([16_000, 44_100])("are WAV files at %i hertz", async (sample_rate) => {
    const [audio] = await mediaFor({ type: "audio", mime_type: "audio/wav", sample_rate });
    expect(audio).toMatchObject({ mime_type: "audio/wav", sample_rate, channels: 1 });
    const wav = bytesOf(audio);
    expect([wav.toString("latin1", 0, 4), wav.toString("latin1", 8, 16), wav.toString("latin1", 36, 40)]).toEqual([
      "RIFF",
      "WAVEfmt ",
      "data",
    ]);
    expect([wav.readUInt32LE(4), wav.readUInt32LE(24), wav.readUInt32LE(28), wav.readUInt32LE(40)]).toEqual([
      wav.length - 8,
      sample_rate,
      sample_rate * 2,
      wav.length - 44,
    ]);
    const loudest = Math.max(...Array.from({ length: 2_000 }, (_, index) => Math.abs(wav.readInt16LE(44 + index * 2))));
    expect(loudest).toBeGreaterThan(1_000);
  });

  it("are raw samples from a speech model, longer for more words", async () => {
    const say = async (text: string) => {
      const last = foldOf(await eventsOf(quick, callOf("gemini-2.5-flash-preview-tts", text))).output.at(-1);
      return last?.type === "model_output" ? last.content[0] : undefined;
    };
    const [short, long] = [await say("Say exactly: one"), await say("Say exactly: one two three four five six")];
    expect(short).toMatchObject({ type: "audio", mime_type: "audio/l16", sample_rate: 24_000, channels: 1 });
    if (short?.type !== "audio" || long?.type !== "audio") throw new Error("no audio");
    expect(bytesOf(long).length).toBe(bytesOf(short).length * 6);
  });
});

import type { Random } from "./random.ts";

const SECONDS_PER_WORD = 0.12;
const LONGEST_SECONDS = 4;
/** A pentatonic scale: whatever the order, it does not grate. */
const NOTES = [261.63, 293.66, 329.63, 392, 440] as const;
const LOUDNESS = 6_000;

/** A tune of one note for each word, as 16-bit samples of one channel, low byte first. */
export function hum(text: string, sampleRate: number, random: Random): Buffer {
  const words = Math.max(1, Math.min(Math.floor(LONGEST_SECONDS / SECONDS_PER_WORD), text.split(/\s+/).length));
  const samplesPerNote = Math.round(sampleRate * SECONDS_PER_WORD);
  const samples = Buffer.alloc(words * samplesPerNote * 2);
  for (let word = 0; word < words; word += 1) {
    const step = (2 * Math.PI * random.pick(NOTES)) / sampleRate;
    for (let index = 0; index < samplesPerNote; index += 1) {
      const swell = Math.sin((Math.PI * index) / samplesPerNote);
      samples.writeInt16LE(Math.round(LOUDNESS * swell * Math.sin(step * index)), (word * samplesPerNote + index) * 2);
    }
  }
  return samples;
}

/** 16-bit samples of one channel as a WAV file. */
export function encodeWav(samples: Buffer, sampleRate: number): Buffer {
  const header = Buffer.alloc(44);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(36 + samples.length, 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}

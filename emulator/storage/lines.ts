import { createReadStream } from "node:fs";
import { crc32 } from "node:zlib";

const LINE_FEED = 0x0a;
const CHECKSUM_LENGTH = 8;
const READ_BYTES = 1 << 20;
const CHUNK_CHARACTERS = 1 << 20;

/** One line: the CRC-32 of the JSON text in hex, a space, the JSON text, a line feed. */
export function encodeLine(value: unknown): string {
  const json = JSON.stringify(value);
  return `${checksum(json)} ${json}\n`;
}

/** Undefined when the line is not whole. `line` has no line feed any more. */
export function decodeLine(line: Buffer): unknown {
  const json = line.subarray(CHECKSUM_LENGTH + 1);
  if (line.toString("latin1", 0, CHECKSUM_LENGTH) !== checksum(json)) return undefined;
  try {
    return JSON.parse(json.toString());
  } catch {
    return undefined;
  }
}

/** The lines of a file, which may be much larger than memory should be. */
export async function* readLines(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES })) {
    const data = Buffer.concat([rest, chunk as Buffer]);
    let start = 0;
    for (let end = data.indexOf(LINE_FEED); end >= 0; end = data.indexOf(LINE_FEED, start)) {
      yield data.subarray(start, end);
      start = end + 1;
    }
    rest = data.subarray(start);
  }
  if (rest.length > 0) yield rest;
}

/** Joins lines to pieces of about a megabyte, so that neither writes nor strings get too long. */
export function* joinLines(lines: Iterable<string>): Generator<string> {
  let chunk: string[] = [];
  let characters = 0;
  for (const line of lines) {
    chunk.push(line);
    characters += line.length;
    if (characters < CHUNK_CHARACTERS) continue;
    yield chunk.join("");
    chunk = [];
    characters = 0;
  }
  if (chunk.length > 0) yield chunk.join("");
}

function checksum(json: string | Buffer): string {
  return crc32(json).toString(16).padStart(CHECKSUM_LENGTH, "0");
}

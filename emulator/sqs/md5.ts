import { createHash } from "node:crypto";
import type { MessageAttribute } from "./message.ts";

const TEXT = Buffer.of(1);
const BINARY = Buffer.of(2);

/** Hex MD5 of the UTF-8 bytes, as in `MD5OfMessageBody`. */
export function md5OfBody(body: string): string {
  return createHash("md5").update(body).digest("hex");
}

/**
 * Hex MD5 of message attributes in order of their names, which SDKs compare with their own: the
 * length and bytes of name and type, a byte for text or binary, the length and bytes of the value.
 */
export function md5OfAttributes(attributes: readonly MessageAttribute[]): string {
  const hash = createHash("md5");
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const [name, value] of attributes.toSorted(([a], [b]) => compareNames(a, b))) {
    add(Buffer.from(name));
    add(Buffer.from(value.DataType));
    const isBinary = "BinaryValue" in value;
    hash.update(isBinary ? BINARY : TEXT);
    add(isBinary ? Buffer.from(value.BinaryValue, "base64") : Buffer.from(value.StringValue));
  }
  return hash.digest("hex");
}

/** By code units; `localeCompare` would order `a` and `B` as a dictionary does. */
function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import type { IncomingMessage } from "node:http";
import { SqsError } from "../sqs/errors.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads a request's body. Of one that is too large the rest is read and thrown away, so that the
 * client gets to see the answer; the server's request timeout bounds how long.
 *
 * @throws SqsError `InvalidParameterValue` (too large) or `SerializationException` (not UTF-8)
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<string> {
  let chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= limitBytes) chunks.push(chunk);
    else chunks = [];
  }
  if (bytes > limitBytes) {
    const message = `The request body must not be longer than ${limitBytes} bytes.`;
    throw new SqsError("InvalidParameterValue", message);
  }
  try {
    return utf8.decode(Buffer.concat(chunks));
  } catch (cause) {
    const message = "The request body is not valid UTF-8.";
    throw new SqsError("SerializationException", message, { cause });
  }
}

/** @throws SqsError `SerializationException` when `text` is not one JSON object */
export function parseObject(text: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new SqsError("SerializationException", "The request body is not valid JSON.", { cause });
  }
  if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) {
    return parsed as Record<string, unknown>;
  }
  throw new SqsError("SerializationException", "The request body must be a JSON object.");
}

import type { SqsEvent, SqsRecord } from "./record.ts";

/** Lambda's limit for the event of a synchronous invocation (AWS: "Lambda quotas"). */
const LARGEST_EVENT_BYTES = 6 * 1024 * 1024;

const EMPTY_EVENT_BYTES = Buffer.byteLength(JSON.stringify({ Records: [] } satisfies SqsEvent));

/**
 * Cuts a batch into parts whose events, metadata included, stay within 6 MB; a function is invoked
 * once for each. Ten messages of 1 MiB are therefore at least two invocations, as on AWS.
 */
export function splitByPayload(records: readonly SqsRecord[]): SqsRecord[][] {
  const parts: SqsRecord[][] = [];
  let partBytes = Infinity;
  for (const record of records) {
    const recordBytes = Buffer.byteLength(JSON.stringify(record)) + ",".length;
    if (partBytes + recordBytes > LARGEST_EVENT_BYTES) {
      parts.push([]);
      partBytes = EMPTY_EVENT_BYTES;
    }
    parts.at(-1)!.push(record);
    partBytes += recordBytes;
  }
  return parts;
}

import { getEnvironmentData, setEnvironmentData } from "node:worker_threads";

/**
 * Under this name worker threads find the offset: a SharedArrayBuffer of one float64, the
 * milliseconds by which the skippable clock is ahead of real time. An application that wants its
 * own clock to follow reads it with `worker_threads.getEnvironmentData(CLOCK_OFFSET_KEY)`.
 */
export const CLOCK_OFFSET_KEY = "serverless-offline-queues:clock-offset";

export function createSharedOffset(initialMs = 0): SharedArrayBuffer {
  const offset = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  writeOffset(offset, initialMs);
  return offset;
}

/** Hands the offset to this thread's lookups and to every worker started from now on. */
export function publishOffset(offset: SharedArrayBuffer): void {
  setEnvironmentData(CLOCK_OFFSET_KEY, offset);
}

export function publishedOffset(): SharedArrayBuffer | undefined {
  const found: unknown = getEnvironmentData(CLOCK_OFFSET_KEY);
  return found instanceof SharedArrayBuffer ? found : undefined;
}

/** A single aligned float64 is written and read whole on every platform that Node runs on. */
export function readOffset(offset: SharedArrayBuffer): number {
  return new Float64Array(offset)[0]!;
}

export function writeOffset(offset: SharedArrayBuffer, offsetMs: number): void {
  new Float64Array(offset)[0] = offsetMs;
}

import { setTimeout as timer } from "node:timers/promises";
import { getEnvironmentData } from "node:worker_threads";

/** The program's one source of time. Tests pass a clock that they move by hand. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Rejects with the signal's reason when `signal` aborts. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

/**
 * Where a local emulator publishes how far its clock is ahead of real time: a SharedArrayBuffer
 * of one float64, in milliseconds. It is read on every call, because a person may skip time while
 * a function runs. On AWS there is none and the offset is 0.
 */
const CLOCK_OFFSET_KEY = "serverless-offline-queues:clock-offset";

export const systemClock: Clock = {
  now: () => Date.now() + publishedOffsetMs(),
  sleep: async (durationMs, signal) => {
    try {
      await timer(durationMs, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};

/** The moment `epochMs` in the form that the database driver takes. */
export function instant(epochMs: number): Date {
  return new Date(epochMs);
}

function publishedOffsetMs(): number {
  const offset: unknown = getEnvironmentData(CLOCK_OFFSET_KEY);
  return offset instanceof SharedArrayBuffer ? new Float64Array(offset)[0]! : 0;
}

import { createSystemClock } from "../emulator/clock/system.ts";

/** Real time: processes, ports and people do not follow a skipped clock. */
const clock = createSystemClock();

export function nowMs(): number {
  return clock.now();
}

export function sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
  return clock.sleep(durationMs, signal);
}

/** Asks again every `everyMs` until `isTrue` holds. False when `deadlineMs` passed before that. */
export async function waitUntil(
  isTrue: () => boolean | Promise<boolean>,
  { deadlineMs, everyMs = 20 }: { deadlineMs: number; everyMs?: number },
): Promise<boolean> {
  const endMs = clock.now() + deadlineMs;
  while (!(await isTrue())) {
    if (clock.now() >= endMs) return false;
    await clock.sleep(everyMs);
  }
  return true;
}

/** Settles as `promise` does, or with `late()` when `deadlineMs` passed before that. */
export async function within<T>(
  promise: Promise<T>,
  deadlineMs: number,
  late: () => T | Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const timeout = clock.sleep(deadlineMs, done.signal).then(late);
  // The loser's rejection belongs to nobody.
  timeout.catch(() => {});
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    done.abort();
  }
}

import type { Clock } from "./clock.ts";
import { createSharedOffset } from "./shared-offset.ts";
import { SkippableClock } from "./skippable.ts";

/** Real time. Inside is a skippable clock, hidden so that nobody can move its offset. */
export function createSystemClock(): Clock & { stop(): void } {
  const clock = new SkippableClock(createSharedOffset());
  return {
    now: () => clock.now(),
    sleep: (durationMs, signal) => clock.sleep(durationMs, signal),
    at: (epochMs, fn, kind) => clock.at(epochMs, fn, kind),
    busy: () => clock.busy(),
    run: (fn) => clock.run(fn),
    stop: () => clock.stop(),
  };
}

import { SkippableClock } from "./skippable.ts";
import { createSharedOffset } from "./shared-offset.ts";
import type { Clock } from "./clock.ts";

/** Real time. It has the skippable clock's timers and an offset that nobody moves. */
export function createSystemClock(): Clock & { stop(): void } {
  return new SkippableClock(createSharedOffset());
}

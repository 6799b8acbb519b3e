import type { Clock } from "../clock/clock.ts";

/** Waits that double from `firstMs` up to `longestMs`. */
export class BackOff {
  readonly #firstMs: number;
  readonly #longestMs: number;
  #nextMs: number;

  constructor(firstMs: number, longestMs: number) {
    this.#firstMs = firstMs;
    this.#longestMs = longestMs;
    this.#nextMs = firstMs;
  }

  nextWaitMs(): number {
    const waitMs = this.#nextMs;
    this.#nextMs = Math.min(waitMs * 2, this.#longestMs);
    return waitMs;
  }

  reset(): void {
    this.#nextMs = this.#firstMs;
  }
}

/**
 * A sleep that a virtual clock does not jump to: the wait of a loop that has nothing to do. It ends
 * early, without an error, when `signal` aborts.
 */
export function backgroundSleep(
  clock: Clock,
  durationMs: number,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      timer.cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = clock.at(clock.now() + durationMs, end, "background");
    signal.addEventListener("abort", end, { once: true });
  });
}

import { SteppedClock } from "./stepped.ts";

/**
 * Time that stands still until a test moves it. For one process: handlers are imported, not run
 * in workers. It does not cover a database's own timeouts or an SDK's retry timers.
 */
export class VirtualClock extends SteppedClock {
  #nowMs: number;

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    super();
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  /** Moves `durationMs` ahead, stopping at each due moment until its work is done. */
  advance(durationMs: number): Promise<void> {
    return this.stepTo(this.#nowMs + durationMs);
  }

  /** Moves until nobody is busy and no work timer is pending. */
  async runUntilIdle(): Promise<void> {
    await this.settled();
    while (this.hasWork) await this.stepTo(this.nextDueAtMs!);
  }

  protected moveTo(epochMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, epochMs);
  }

  protected rearm(): void {}
}

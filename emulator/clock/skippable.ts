import { SteppedClock } from "./stepped.ts";
import { readOffset, writeOffset } from "./shared-offset.ts";

/** Node's longest timer; a later moment is reached in several hops. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Real time plus an offset that `skip` enlarges. The offset lives in shared memory, so that
 * handlers in worker threads see the same time (see shared-offset.ts).
 */
export class SkippableClock extends SteppedClock {
  readonly #offset: SharedArrayBuffer;
  #timeout: NodeJS.Timeout | undefined;
  #skipping: Promise<void> = Promise.resolve();

  /** `offset`: made by `createSharedOffset`. */
  constructor(offset: SharedArrayBuffer) {
    super();
    this.#offset = offset;
  }

  now(): number {
    return Date.now() + this.offsetMs;
  }

  get offsetMs(): number {
    return readOffset(this.#offset);
  }

  /**
   * Moves `durationMs` ahead, stopping at each due moment on the way until the work that it woke
   * is done. Two calls at once run one after the other.
   */
  skip(durationMs: number): Promise<void> {
    const skipped = this.#skipping.then(() => this.stepTo(this.now() + durationMs));
    this.#skipping = skipped.catch(() => {});
    return skipped;
  }

  /** Cancels the real timer, so that the process can end. */
  stop(): void {
    clearTimeout(this.#timeout);
  }

  protected moveTo(epochMs: number): void {
    const aheadMs = epochMs - this.now();
    if (aheadMs > 0) writeOffset(this.#offset, this.offsetMs + aheadMs);
  }

  protected rearm(nextDueAtMs: number | undefined): void {
    clearTimeout(this.#timeout);
    if (nextDueAtMs === undefined) return;
    const waitMs = Math.min(Math.max(0, nextDueAtMs - this.now()), LONGEST_TIMEOUT_MS);
    this.#timeout = setTimeout(() => this.fireDue(), waitMs);
  }
}

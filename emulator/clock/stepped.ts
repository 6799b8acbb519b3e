import { DueHeap, type DueEntry } from "../due-heap.ts";
import { BusyTokens } from "./busy.ts";
import type { Clock, Release, Timer, TimerKind } from "./clock.ts";

interface Pending {
  readonly fn: () => void;
  readonly kind: TimerKind;
}

/**
 * What the skippable and the virtual clock share: timers, busy tokens, and time that moves from
 * one due moment to the next, waiting each time until the work that it woke is done.
 */
export abstract class SteppedClock implements Clock {
  readonly #timers = new DueHeap<Pending>();
  readonly #busy = new BusyTokens();
  #workTimers = 0;

  abstract now(): number;
  /** Makes `now()` answer `epochMs` or later. */
  protected abstract moveTo(epochMs: number): void;
  /** The earliest due time changed; a clock that runs in real time arms its timer here. */
  protected abstract rearm(nextDueAtMs: number | undefined): void;

  at(epochMs: number, fn: () => void, kind: TimerKind = "work"): Timer {
    const entry = this.#timers.push({ fn, kind }, epochMs);
    if (kind === "work") this.#workTimers += 1;
    if (this.#timers.peek() === entry) this.#rearm();
    return { cancel: () => this.#cancel(entry) };
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    const takeAgain = this.#busy.lend();
    return new Promise((resolve, reject) => {
      const abort = () => {
        timer.cancel();
        takeAgain();
        reject(signal!.reason);
      };
      const timer = this.at(this.now() + durationMs, () => {
        signal?.removeEventListener("abort", abort);
        takeAgain();
        resolve();
      });
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  busy(): Release {
    return this.#busy.take();
  }

  run<T>(fn: () => Promise<T>): Promise<T> {
    return this.#busy.run(fn);
  }

  /** Waits until no work is in flight. Time does not move. */
  settled(): Promise<void> {
    return this.#busy.idle();
  }

  /** True while a delay, a visibility timeout or a sleep is pending. */
  protected get hasWork(): boolean {
    return this.#workTimers > 0;
  }

  protected get nextDueAtMs(): number | undefined {
    return this.#timers.peek()?.dueAtMs;
  }

  protected async stepTo(epochMs: number): Promise<void> {
    await this.settled();
    for (;;) {
      const dueAtMs = this.nextDueAtMs;
      if (dueAtMs === undefined || dueAtMs > epochMs) break;
      this.moveTo(dueAtMs);
      this.fireDue();
      await this.settled();
    }
    this.moveTo(epochMs);
    this.#rearm();
  }

  protected fireDue(): void {
    const nowMs = this.now();
    for (;;) {
      const pending = this.#timers.popDue(nowMs);
      if (pending === undefined) break;
      if (pending.kind === "work") this.#workTimers -= 1;
      pending.fn();
    }
    this.#rearm();
  }

  #cancel(entry: DueEntry<Pending>): void {
    const wasFirst = this.#timers.peek() === entry;
    if (!this.#timers.remove(entry)) return;
    if (entry.item.kind === "work") this.#workTimers -= 1;
    if (wasFirst) this.#rearm();
  }

  #rearm(): void {
    this.rearm(this.nextDueAtMs);
  }
}

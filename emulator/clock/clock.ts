/** A pending call of `Clock.at`. Cancelling twice, or after it fired, does nothing. */
export interface Timer {
  cancel(): void;
}

/**
 * `work`: a delay, a visibility timeout, an application's sleep; a virtual clock jumps to it.
 * `background`: a long poll's end, a back-off, retention; it fires when time passes it and never
 * causes a jump, or a poll loop alone would run away for days.
 */
export type TimerKind = "work" | "background";

/** Gives a busy token back. Calling it twice does nothing. */
export type Release = () => void;

/** The one source of time of the emulator. All times are epoch milliseconds. */
export interface Clock {
  now(): number;
  /** Rejects with the signal's reason when `signal` aborts. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
  /** Calls `fn` once, when `epochMs` is reached; on a later turn if it already has been. */
  at(epochMs: number, fn: () => void, kind?: TimerKind): Timer;
  /** Says that work is in flight: a clock that can skip does not move until it is given back. */
  busy(): Release;
  /** Runs `fn` holding a busy token, which `sleep` inside it gives back while it sleeps. */
  run<T>(fn: () => Promise<T>): Promise<T>;
}

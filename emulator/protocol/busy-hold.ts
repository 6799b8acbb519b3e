import type { Clock, Release } from "../clock/clock.ts";

/** The busy token of one request: given back while a long poll waits, and at the end for good. */
export class BusyHold {
  readonly #clock: Clock;
  #release: Release | undefined;
  #ended = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.resume();
  }

  pause(): void {
    this.#release?.();
    this.#release = undefined;
  }

  resume(): void {
    if (!this.#ended) this.#release ??= this.#clock.busy();
  }

  end(): void {
    this.#ended = true;
    this.pause();
  }
}

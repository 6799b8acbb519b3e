import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Release } from "./clock.ts";

interface Token {
  held: boolean;
}

/** Counts the work in flight, so that a clock knows when it may move. */
export class BusyTokens {
  readonly #current = new AsyncLocalStorage<Token>();
  #held = 0;
  #waiting: (() => void)[] = [];

  get count(): number {
    return this.#held;
  }

  take(): Release {
    const token = { held: false };
    this.#hold(token);
    return () => this.#giveBack(token);
  }

  async run<T>(fn: () => Promise<T>): Promise<T> {
    const token = { held: false };
    this.#hold(token);
    try {
      return await this.#current.run(token, fn);
    } finally {
      this.#giveBack(token);
    }
  }

  /**
   * Gives back the token of the `run` that is executing, if any; the answer takes it again.
   * One `run` is one line of awaits: parallel branches that sleep each need a `run` of their own.
   */
  lend(): () => void {
    const token = this.#current.getStore();
    if (token === undefined || !token.held) return () => {};
    this.#giveBack(token);
    return () => this.#hold(token);
  }

  /** Settles when nothing is in flight, and continuations of what just ended started nothing. */
  async idle(): Promise<void> {
    for (;;) {
      while (this.#held > 0) {
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
      // A continuation runs within this turn or, after I/O that is already done, the next one.
      await nextTurn();
      await nextTurn();
      if (this.#held === 0) return;
    }
  }

  #hold(token: Token): void {
    token.held = true;
    this.#held += 1;
  }

  #giveBack(token: Token): void {
    if (!token.held) return;
    token.held = false;
    this.#held -= 1;
    if (this.#held > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

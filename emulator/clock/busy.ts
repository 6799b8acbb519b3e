import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Release } from "./clock.ts";

interface Token {
  held: boolean;
  /** How many sleeps and inner runs stand in for it; it is held again when there are none. */
  away: number;
  ended: boolean;
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
    const token = this.#newToken();
    return () => this.#end(token);
  }

  /** Runs `fn` with a token of its own, which stands in for that of a `run` around it. */
  async run<T>(fn: () => Promise<T>): Promise<T> {
    const token = this.#newToken();
    const takeOuterAgain = this.lend();
    try {
      return await this.#current.run(token, fn);
    } finally {
      takeOuterAgain();
      this.#end(token);
    }
  }

  /**
   * Gives back the token of the `run` that is executing, if any; the answer takes it again, when
   * all that it was lent to have done so. Abort a sleep that lost a race: while it goes on, what
   * follows the race holds no token.
   */
  lend(): () => void {
    const token = this.#current.getStore();
    if (token === undefined || token.ended) return () => {};
    token.away += 1;
    this.#giveBack(token);
    return () => {
      token.away -= 1;
      if (token.away === 0 && !token.ended) this.#hold(token);
    };
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

  #newToken(): Token {
    const token = { held: false, away: 0, ended: false };
    this.#hold(token);
    return token;
  }

  #end(token: Token): void {
    token.ended = true;
    this.#giveBack(token);
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

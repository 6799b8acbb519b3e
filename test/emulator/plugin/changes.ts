/** Lets any number of callers wait until something that changes now and then looks as they want. */
export class Changes {
  #waiting: (() => void)[] = [];

  /** Says that it is worth looking again. */
  happened(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Settles with what `look` answers as soon as that is not undefined. */
  async until<T>(look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

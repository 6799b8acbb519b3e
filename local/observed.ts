/** Things as they come in, remembered, so that it does not matter who is there first. */
export class Observed<T> {
  readonly #seen: T[] = [];
  readonly #waiting = new Set<(item: T) => void>();

  add(item: T): void {
    this.#seen.push(item);
    for (const look of this.#waiting) look(item);
  }

  /** All so far, oldest first. */
  get seen(): readonly T[] {
    return this.#seen;
  }

  /** The first one, past or future, for which `matches` holds. */
  first<Match extends T>(matches: (item: T) => item is Match): Promise<Match>;
  first(matches: (item: T) => boolean): Promise<T>;
  first(matches: (item: T) => boolean): Promise<T> {
    const past = this.#seen.find(matches);
    if (past !== undefined) return Promise.resolve(past);
    return new Promise((resolve) => {
      const look = (item: T) => {
        if (!matches(item)) return;
        this.#waiting.delete(look);
        resolve(item);
      };
      this.#waiting.add(look);
    });
  }
}

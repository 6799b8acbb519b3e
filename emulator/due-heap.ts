/** One entry of a `DueHeap`: keep it to remove or move the item later. */
export interface DueEntry<T> {
  readonly item: T;
  dueAtMs: number;
  /** Position in the heap; -1 when the entry is not in it. */
  index: number;
  order: number;
}

/**
 * A binary heap ordered by due time, then by insertion. Push, pop, remove and reschedule are
 * O(log n), and a removed entry is gone at once, so no dead entries pile up.
 */
export class DueHeap<T> {
  readonly #entries: DueEntry<T>[] = [];
  #pushed = 0;

  get size(): number {
    return this.#entries.length;
  }

  peek(): DueEntry<T> | undefined {
    return this.#entries[0];
  }

  push(item: T, dueAtMs: number): DueEntry<T> {
    const entry = { item, dueAtMs, index: this.#entries.length, order: this.#pushed++ };
    this.#entries.push(entry);
    this.#rise(entry);
    return entry;
  }

  /** Takes the earliest entry if it is due at `nowMs`. */
  popDue(nowMs: number): T | undefined {
    const first = this.#entries[0];
    if (first === undefined || first.dueAtMs > nowMs) return undefined;
    this.remove(first);
    return first.item;
  }

  /** Answers false when the entry had already left the heap. */
  remove(entry: DueEntry<T>): boolean {
    if (entry.index < 0) return false;
    const last = this.#entries.pop()!;
    if (last !== entry) {
      this.#place(last, entry.index);
      this.#rise(last);
      this.#sink(last);
    }
    entry.index = -1;
    return true;
  }

  reschedule(entry: DueEntry<T>, dueAtMs: number): void {
    entry.dueAtMs = dueAtMs;
    this.#rise(entry);
    this.#sink(entry);
  }

  /** The entries in no particular order. */
  values(): IterableIterator<DueEntry<T>> {
    return this.#entries.values();
  }

  #place(entry: DueEntry<T>, index: number): void {
    this.#entries[index] = entry;
    entry.index = index;
  }

  #rise(entry: DueEntry<T>): void {
    while (entry.index > 0) {
      const at = entry.index;
      const parentAt = (at - 1) >> 1;
      const parent = this.#entries[parentAt]!;
      if (!isBefore(entry, parent)) return;
      this.#place(parent, at);
      this.#place(entry, parentAt);
    }
  }

  #sink(entry: DueEntry<T>): void {
    for (;;) {
      const at = entry.index;
      const left = this.#entries[2 * at + 1];
      const right = this.#entries[2 * at + 2];
      const child = right !== undefined && isBefore(right, left!) ? right : left;
      if (child === undefined || !isBefore(child, entry)) return;
      this.#place(entry, child.index);
      this.#place(child, at);
    }
  }
}

function isBefore(a: DueEntry<unknown>, b: DueEntry<unknown>): boolean {
  return a.dueAtMs < b.dueAtMs || (a.dueAtMs === b.dueAtMs && a.order < b.order);
}

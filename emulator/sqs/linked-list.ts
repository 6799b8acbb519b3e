/** A place in a `LinkedList`: keep it to remove the item later. */
export interface ListNode<T> {
  readonly item: T;
  readonly list: LinkedList<T>;
  linked: boolean;
  previous: ListNode<T> | undefined;
  next: ListNode<T> | undefined;
}

/** A list in which adding at the end, taking the first and removing any are all O(1). */
export class LinkedList<T> {
  #first: ListNode<T> | undefined;
  #last: ListNode<T> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  first(): T | undefined {
    return this.#first?.item;
  }

  push(item: T): ListNode<T> {
    const node: ListNode<T> = {
      item,
      list: this,
      linked: true,
      previous: this.#last,
      next: undefined,
    };
    if (this.#last === undefined) this.#first = node;
    else this.#last.next = node;
    this.#last = node;
    this.#size += 1;
    return node;
  }

  shift(): T | undefined {
    const first = this.#first;
    if (first === undefined) return undefined;
    this.remove(first);
    return first.item;
  }

  /** Does nothing when the node has already left this list. */
  remove(node: ListNode<T>): void {
    if (!node.linked) return;
    if (node.previous === undefined) this.#first = node.next;
    else node.previous.next = node.next;
    if (node.next === undefined) this.#last = node.previous;
    else node.next.previous = node.previous;
    node.linked = false;
    node.previous = node.next = undefined;
    this.#size -= 1;
  }

  *values(): IterableIterator<T> {
    for (let node = this.#first; node !== undefined; node = node.next) yield node.item;
  }
}

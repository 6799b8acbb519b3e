import { DueHeap, type DueEntry } from "../due-heap.ts";
import { LinkedList, type ListNode } from "./linked-list.ts";
import type { Message } from "./message.ts";

/** After so many receives without a delete, AWS puts a message behind all others. */
const RECEIVES_BEFORE_LAST = 3;

interface Slot {
  readonly message: Message;
  age: DueEntry<Slot> | undefined;
  /** Set while the message is ready. */
  ready: ListNode<Slot> | undefined;
  /** Set while it is delayed or in flight, with the heap that says which. */
  hidden: DueEntry<Slot> | undefined;
  heap: DueHeap<Slot> | undefined;
}

/**
 * Where each message of one queue is: ready, delayed or in flight. Every step is O(log n) or less
 * and no structure keeps a trace of a message that left, so a backlog costs memory and nothing else.
 */
export class MessagePlaces {
  readonly #byId = new Map<string, Slot>();
  /** Messages that came back, which go first, and all others. */
  readonly #returned = new LinkedList<Slot>();
  readonly #fresh = new LinkedList<Slot>();
  readonly #delayed = new DueHeap<Slot>();
  readonly #inFlight = new DueHeap<Slot>();
  /** By `sentAtMs` and not by expiry, because the retention period may change. */
  readonly #byAge = new DueHeap<Slot>();

  get counts(): { ready: number; delayed: number; inFlight: number } {
    return {
      ready: this.#returned.size + this.#fresh.size,
      delayed: this.#delayed.size,
      inFlight: this.#inFlight.size,
    };
  }

  get size(): number {
    return this.#byId.size;
  }

  find(messageId: string): Message | undefined {
    return this.#byId.get(messageId)?.message;
  }

  /** Adds a message; its `visibleAtMs` says where to. */
  insert(message: Message): void {
    const slot: Slot = {
      message,
      age: undefined,
      ready: undefined,
      hidden: undefined,
      heap: undefined,
    };
    slot.age = this.#byAge.push(slot, message.sentAtMs);
    this.#byId.set(message.messageId, slot);
    if (message.visibleAtMs === undefined) this.#makeReady(slot);
    else this.#hide(slot, message.visibleAtMs);
  }

  /** Takes a message out of sight until `visibleAtMs`, wherever it is now. */
  hide(message: Message, visibleAtMs: number): void {
    const slot = this.#byId.get(message.messageId)!;
    this.#unplace(slot);
    this.#hide(slot, visibleAtMs);
  }

  /** Ends a message's delay or visibility timeout. */
  release(message: Message): void {
    const slot = this.#byId.get(message.messageId)!;
    this.#unplace(slot);
    this.#makeReady(slot);
  }

  remove(message: Message): void {
    const slot = this.#byId.get(message.messageId)!;
    this.#unplace(slot);
    this.#byAge.remove(slot.age!);
    this.#byId.delete(message.messageId);
  }

  /** The ready message that is next in turn. It stays where it is. */
  nextReady(): Message | undefined {
    return (this.#returned.first() ?? this.#fresh.first())?.message;
  }

  /** The hidden message that becomes visible first. */
  nextDue(): Message | undefined {
    const delayed = this.#delayed.peek();
    const inFlight = this.#inFlight.peek();
    if (delayed === undefined || inFlight === undefined) return (delayed ?? inFlight)?.item.message;
    return (delayed.dueAtMs <= inFlight.dueAtMs ? delayed : inFlight).item.message;
  }

  /** The message that was sent first. */
  oldest(): Message | undefined {
    return this.#byAge.peek()?.item.message;
  }

  /** All messages; the ready ones come first and in turn. */
  *values(): IterableIterator<Message> {
    for (const slot of this.#returned.values()) yield slot.message;
    for (const slot of this.#fresh.values()) yield slot.message;
    for (const entry of this.#delayed.values()) yield entry.item.message;
    for (const entry of this.#inFlight.values()) yield entry.item.message;
  }

  #hide(slot: Slot, visibleAtMs: number): void {
    slot.message.visibleAtMs = visibleAtMs;
    slot.heap = slot.message.receivesHere === 0 ? this.#delayed : this.#inFlight;
    slot.hidden = slot.heap.push(slot, visibleAtMs);
  }

  #makeReady(slot: Slot): void {
    const { receivesHere } = slot.message;
    const returns = receivesHere > 0 && receivesHere < RECEIVES_BEFORE_LAST;
    slot.message.visibleAtMs = undefined;
    slot.ready = (returns ? this.#returned : this.#fresh).push(slot);
  }

  #unplace(slot: Slot): void {
    if (slot.ready !== undefined) slot.ready.list.remove(slot.ready);
    if (slot.hidden !== undefined) slot.heap!.remove(slot.hidden);
    slot.ready = slot.hidden = slot.heap = undefined;
  }
}

import { DueHeap, type DueEntry } from "../due-heap.ts";
import type { ReceiveOutput, ReceiveRequest } from "./actions/receive-message.ts";
import { LinkedList, type ListNode } from "./linked-list.ts";
import type { Queue } from "./queue.ts";

/** A ReceiveMessage that found nothing and waits. */
export interface WaitingReceive {
  readonly request: ReceiveRequest;
  readonly answer: (output: ReceiveOutput) => void;
}

interface Place {
  readonly receive: WaitingReceive;
  node: ListNode<Place> | undefined;
  end: DueEntry<Place> | undefined;
}

/** The long polls: in order of arrival for each queue, and in order of their ends over all. */
export class WaitingReceives {
  readonly #byQueue = new Map<Queue, LinkedList<Place>>();
  readonly #byEnd = new DueHeap<Place>();

  /** When the first of all long polls ends, in epoch milliseconds. */
  get nextEndAtMs(): number | undefined {
    return this.#byEnd.peek()?.dueAtMs;
  }

  /** `endAtMs` undefined: waits without end. The answer takes the receive out of the line. */
  add(receive: WaitingReceive, endAtMs: number | undefined): () => void {
    const place: Place = { receive, node: undefined, end: undefined };
    const { queue } = receive.request;
    const line = this.#byQueue.get(queue) ?? new LinkedList<Place>();
    this.#byQueue.set(queue, line);
    place.node = line.push(place);
    if (endAtMs !== undefined) place.end = this.#byEnd.push(place, endAtMs);
    return () => this.#remove(place);
  }

  /** The receive that is next in turn at `queue`. It stays in the line. */
  first(queue: Queue): WaitingReceive | undefined {
    return this.#byQueue.get(queue)?.first()?.receive;
  }

  /** Takes the receive that is next in turn at `queue` out of the line. */
  shift(queue: Queue): WaitingReceive | undefined {
    const place = this.#byQueue.get(queue)?.first();
    if (place !== undefined) this.#remove(place);
    return place?.receive;
  }

  /** Takes a receive whose end has come by `nowMs`. */
  popEnded(nowMs: number): WaitingReceive | undefined {
    const place = this.#byEnd.popDue(nowMs);
    if (place !== undefined) this.#remove(place);
    return place?.receive;
  }

  #remove(place: Place): void {
    const { queue } = place.receive.request;
    const line = this.#byQueue.get(queue);
    if (place.node !== undefined) line?.remove(place.node);
    if (place.end !== undefined) this.#byEnd.remove(place.end);
    if (line?.size === 0) this.#byQueue.delete(queue);
  }
}

import type { Attributes } from "./attributes.ts";
import { Queue, type QueueObserver } from "./queue.ts";

/** All queues of one account in one region. */
export class Queues {
  readonly accountId: string;
  readonly #region: string;
  readonly #observer: QueueObserver;
  readonly #byName = new Map<string, Queue>();

  constructor(accountId: string, region: string, observer: QueueObserver) {
    this.accountId = accountId;
    this.#region = region;
    this.#observer = observer;
  }

  find(name: string): Queue | undefined {
    return this.#byName.get(name);
  }

  findByArn(arn: string): Queue | undefined {
    const queue = this.#byName.get(arn.slice(arn.lastIndexOf(":") + 1));
    return queue?.arn === arn ? queue : undefined;
  }

  names(): string[] {
    return [...this.#byName.keys()];
  }

  all(): IterableIterator<Queue> {
    return this.#byName.values();
  }

  arn(name: string): string {
    return `arn:aws:sqs:${this.#region}:${this.accountId}:${name}`;
  }

  url(name: string, baseUrl: string): string {
    return `${baseUrl}/${this.accountId}/${name}`;
  }

  create(name: string, attributes: Attributes, createdAtMs: number): Queue {
    const queue = new Queue(name, this.arn(name), createdAtMs, this.#observer);
    this.#byName.set(name, queue);
    queue.setAttributes(attributes, createdAtMs);
    return queue;
  }

  delete(queue: Queue): void {
    this.#byName.delete(queue.name);
    queue.clear();
    this.#observer.change({ kind: "queueDeleted", queue: queue.name });
    this.#observer.touched(queue);
  }
}

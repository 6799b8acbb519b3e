import type { QueueEvent } from "../../../emulator/events.ts";
import type { Observed } from "../../../local/observed.ts";
import { observeQueues } from "../../../local/queue-emulator.ts";

/** An emulator's events from its start on. */
export class EventFeed {
  readonly #stop: AbortController;
  readonly #events: Observed<QueueEvent>;

  private constructor(stop: AbortController, events: Observed<QueueEvent>) {
    this.#stop = stop;
    this.#events = events;
  }

  static async open(queuesUrl: string): Promise<EventFeed> {
    const stop = new AbortController();
    return new EventFeed(stop, await observeQueues(queuesUrl, stop.signal));
  }

  /** The first event, past or future, that fits. */
  find(fits: (event: QueueEvent) => boolean): Promise<QueueEvent> {
    return this.#events.first(fits);
  }

  /** What happened to one message so far, without its times. */
  about(messageId: string): string[] {
    return this.#events.seen
      .filter((event) => "messageId" in event && event.messageId === messageId)
      .map((event) => `${event.queue} ${event.type}`);
  }

  close(): void {
    this.#stop.abort();
  }
}

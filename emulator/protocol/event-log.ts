import { startDeadline } from "../clock/deadline.ts";
import type { QueueEvent } from "../events.ts";
import { EmulatorError } from "./emulator-error.ts";

/** How many events are kept for those who come late. */
const HISTORY_LENGTH = 1000;
const DEFAULT_TIMEOUT_MS = 10_000;
/** How many of the last events the error of a `waitFor` in vain lists. */
const LISTED_EVENTS = 20;

export type EventListener = (event: QueueEvent) => void;

export interface WaitForOptions {
  /** In real milliseconds, whatever the emulator's clock does; 10,000 unless told. */
  readonly timeoutMs?: number;
  /** Look first, oldest first, at the events that are remembered (the last 1000). */
  readonly includePast?: boolean;
}

/** The stream of what happened, with a bounded memory. */
export class EventLog {
  readonly #listeners = new Set<EventListener>();
  readonly #waits = new Set<(reason: EmulatorError) => void>();
  /** A ring: once it is full, the oldest event is at `#next`. */
  readonly #ring: QueueEvent[] = [];
  readonly #undelivered: QueueEvent[] = [];
  #next = 0;

  publish(event: QueueEvent): void {
    this.#ring[this.#next] = event;
    this.#next = (this.#next + 1) % HISTORY_LENGTH;
    // A listener may cause the next event: it is delivered after this one has reached everybody.
    if (this.#undelivered.push(event) > 1) return;
    for (let current; (current = this.#undelivered[0]) !== undefined; this.#undelivered.shift()) {
      for (const listener of this.#listeners) deliver(listener, current);
    }
  }

  /** Calls `listener` with each event from now on. The answer ends it. */
  subscribe(listener: EventListener): () => void {
    // A wrapper of its own lets the same function subscribe twice.
    const own: EventListener = (event) => listener(event);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** The remembered events, oldest first. */
  history(): QueueEvent[] {
    return [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)];
  }

  /** @throws EmulatorError `EVENT_NOT_SEEN` with the last events, or `CLOSED` */
  async waitFor(
    predicate: (event: QueueEvent) => boolean,
    { timeoutMs = DEFAULT_TIMEOUT_MS, includePast = false }: WaitForOptions = {},
  ): Promise<QueueEvent> {
    const past = includePast ? this.history().find(predicate) : undefined;
    if (past !== undefined) return past;
    let stop = () => {};
    const seen = new Promise<QueueEvent>((resolve, reject) => {
      const unsubscribe = this.subscribe((event) => {
        try {
          if (predicate(event)) resolve(event);
        } catch (error) {
          reject(error);
        }
      });
      const cancelDeadline = startDeadline(timeoutMs, () =>
        reject(new EmulatorError("EVENT_NOT_SEEN", this.#notSeen(timeoutMs))),
      );
      this.#waits.add(reject);
      stop = () => {
        unsubscribe();
        cancelDeadline();
        this.#waits.delete(reject);
      };
    });
    return await seen.finally(() => stop());
  }

  /** Ends all waits and subscriptions. */
  close(): void {
    const reason = new EmulatorError("CLOSED", "The emulator was closed before the event came.");
    for (const reject of this.#waits) reject(reason);
    this.#listeners.clear();
  }

  #notSeen(timeoutMs: number): string {
    const last = this.history().slice(-LISTED_EVENTS);
    const listed = last.map((event) => `\n  ${JSON.stringify(event)}`).join("");
    const seen = last.length === 0 ? "There were no events at all." : `The last events:${listed}`;
    return `The expected event did not come within ${timeoutMs} ms. ${seen}`;
  }
}

/** A listener's failure must not break the call that caused the event; it surfaces as uncaught. */
function deliver(listener: EventListener, event: QueueEvent): void {
  try {
    listener(event);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

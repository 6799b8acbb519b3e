import type { MessageEvent } from "../events.ts";
import { attributeValue, readSettings, type Attributes, type Settings } from "./attributes.ts";
import type { Change } from "./changes.ts";
import { md5OfBody } from "./md5.ts";
import { MessagePlaces } from "./message-places.ts";
import type { Message, MessageContent } from "./message.ts";
import { readRedrivePolicy, type RedrivePolicy } from "./redrive.ts";
import { markMoved, markReceived } from "./transitions.ts";

/** AWS's quota of messages in flight, standard queues. */
export const IN_FLIGHT_LIMIT = 120_000;

/** Who is told what happens in a queue. */
export interface QueueObserver {
  event(event: MessageEvent): void;
  change(change: Change): void;
  /** The queue's messages or their due times are not what they were. */
  touched(queue: Queue): void;
}

export interface ReceiveTerms {
  readonly maxMessages: number;
  /** Undefined: the queue's own. */
  readonly visibilityTimeoutSeconds: number | undefined;
  readonly newReceiptId: () => string;
  /** Where exhausted messages go; undefined while the policy's target does not exist. */
  readonly deadLetterQueue: Queue | undefined;
}

/** A standard queue: its attributes and what can be done with its messages. */
export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly createdAtMs: number;
  readonly #observer: QueueObserver;
  #places = new MessagePlaces();
  #attributes: Attributes = new Map();
  #modifiedAtMs = 0;
  #settings: Settings = readSettings(this.#attributes);
  #redrivePolicy: RedrivePolicy | undefined;

  constructor(name: string, arn: string, createdAtMs: number, observer: QueueObserver) {
    this.name = name;
    this.arn = arn;
    this.createdAtMs = createdAtMs;
    this.#observer = observer;
  }

  get attributes(): Attributes {
    return this.#attributes;
  }

  get modifiedAtMs(): number {
    return this.#modifiedAtMs;
  }

  get settings(): Settings {
    return this.#settings;
  }

  get redrivePolicy(): RedrivePolicy | undefined {
    return this.#redrivePolicy;
  }

  get places(): MessagePlaces {
    return this.#places;
  }

  /** Replaces all attributes by checked ones. */
  setAttributes(attributes: Attributes, nowMs: number): void {
    this.#attributes = attributes;
    this.#modifiedAtMs = nowMs;
    this.#settings = readSettings(attributes);
    this.#redrivePolicy = readRedrivePolicy(attributeValue(attributes, "RedrivePolicy"));
    this.#observer.change(this.describe());
  }

  /** The change that creates this queue as it is. */
  describe(): Change {
    return {
      kind: "queue",
      queue: this.name,
      createdAtMs: this.createdAtMs,
      modifiedAtMs: this.#modifiedAtMs,
      attributes: Object.fromEntries(this.#attributes),
    };
  }

  /** `delaySeconds` undefined: the queue's own delay. */
  send(
    content: MessageContent,
    messageId: string,
    delaySeconds: number | undefined,
    nowMs: number,
  ): Message {
    const delay = delaySeconds ?? this.#settings.delaySeconds;
    const message: Message = {
      messageId,
      body: content.body,
      md5OfBody: md5OfBody(content.body),
      attributes: content.attributes,
      traceHeader: content.traceHeader,
      messageGroupId: content.messageGroupId,
      sentAtMs: nowMs,
      receiveCount: 0,
      receivesHere: 0,
      firstReceivedAtMs: undefined,
      lastReceivedAtMs: undefined,
      receiptId: undefined,
      visibleAtMs: delay > 0 ? nowMs + delay * 1_000 : undefined,
      deadLetterSourceArn: undefined,
    };
    this.#places.insert(message);
    this.#changed({ kind: "message", queue: this.name, message: { ...message } });
    this.#happened({ type: "sent", messageId, delaySeconds: delay }, nowMs);
    return message;
  }

  /**
   * Receives up to `maxMessages`. A message that was received as often as the redrive policy allows
   * is moved to the dead-letter queue instead.
   */
  take(terms: ReceiveTerms, nowMs: number): Message[] {
    this.expire(nowMs);
    const seconds = terms.visibilityTimeoutSeconds ?? this.#settings.visibilityTimeoutSeconds;
    const taken: Message[] = [];
    while (taken.length < terms.maxMessages && this.#places.counts.inFlight < IN_FLIGHT_LIMIT) {
      const message = this.#places.nextReady();
      if (message === undefined) break;
      if (terms.deadLetterQueue !== undefined && this.#isExhausted(message)) {
        this.#move(message, terms.deadLetterQueue, nowMs);
      } else {
        this.#receive(message, terms.newReceiptId(), nowMs, nowMs + seconds * 1_000);
        taken.push(message);
      }
    }
    // Only now, or a visibility timeout of 0 would give the same message twice in one answer.
    if (seconds === 0) for (const message of taken) this.#release(message, nowMs);
    return taken;
  }

  changeVisibility(message: Message, visibilityTimeoutSeconds: number, nowMs: number): void {
    const visibleAtMs = nowMs + visibilityTimeoutSeconds * 1_000;
    const { messageId } = message;
    this.#places.hide(message, visibleAtMs);
    this.#changed({ kind: "visibility", queue: this.name, messageId, visibleAtMs });
    this.#happened({ type: "visibilityChanged", messageId, visibleAtMs }, nowMs);
    if (visibilityTimeoutSeconds === 0) this.#release(message, nowMs);
  }

  delete(message: Message, nowMs: number): void {
    this.#remove(message);
    this.#happened({ type: "deleted", messageId: message.messageId }, nowMs);
  }

  purge(nowMs: number): void {
    this.clear();
    this.#changed({ kind: "purged", queue: this.name });
    this.#observer.event({ type: "purged", queue: this.name, atMs: nowMs });
  }

  /** Forgets all messages at once, however many they are, and tells nobody. */
  clear(): void {
    this.#places = new MessagePlaces();
  }

  /** Ends delays and visibility timeouts that are over at `nowMs`. */
  releaseDue(nowMs: number): void {
    this.expire(nowMs);
    for (;;) {
      const message = this.#places.nextDue();
      if (message?.visibleAtMs === undefined || message.visibleAtMs > nowMs) return;
      this.#release(message, message.visibleAtMs);
    }
  }

  /** Retention ends in every state, in flight too, and counts from the original send. */
  expire(nowMs: number): void {
    const lastSentAtMs = nowMs - this.#settings.retentionSeconds * 1_000;
    for (;;) {
      const message = this.#places.oldest();
      if (message === undefined || message.sentAtMs > lastSentAtMs) return;
      this.#remove(message);
      this.#happened({ type: "expired", messageId: message.messageId }, nowMs);
    }
  }

  #isExhausted(message: Message): boolean {
    const limit = this.#redrivePolicy?.maxReceiveCount ?? Infinity;
    return message.receivesHere >= limit;
  }

  #receive(message: Message, receiptId: string, atMs: number, visibleAtMs: number): void {
    const { messageId } = message;
    markReceived(this.#places, message, { receiptId, atMs, visibleAtMs });
    this.#changed({ kind: "received", queue: this.name, messageId, receiptId, atMs, visibleAtMs });
    const { receiveCount } = message;
    this.#happened({ type: "received", messageId, receiveCount, visibleAtMs }, atMs);
  }

  #move(message: Message, target: Queue, nowMs: number): void {
    const { messageId, receivesHere: receiveCount } = message;
    markMoved(this.#places, target.places, message, this.arn);
    const to = target.name;
    this.#changed({ kind: "moved", queue: this.name, messageId, to, sourceArn: this.arn });
    this.#observer.touched(target);
    this.#happened({ type: "moved", messageId, deadLetterQueue: to, receiveCount }, nowMs);
  }

  #release(message: Message, atMs: number): void {
    this.#places.release(message);
    this.#observer.touched(this);
    this.#happened({ type: "ready", messageId: message.messageId }, atMs);
  }

  #remove(message: Message): void {
    this.#places.remove(message);
    this.#changed({ kind: "removed", queue: this.name, messageId: message.messageId });
  }

  #changed(change: Change): void {
    this.#observer.change(change);
    this.#observer.touched(this);
  }

  #happened(event: UnplacedEvent, atMs: number): void {
    this.#observer.event({ ...event, queue: this.name, atMs } as MessageEvent);
  }
}

type WithoutPlace<E> = E extends unknown ? Omit<E, "queue" | "atMs"> : never;
type UnplacedEvent = WithoutPlace<MessageEvent>;

interface NaiveMessage {
  readonly id: string;
  readonly sentAtMs: number;
  receiveCount: number;
  receivesHere: number;
  receiptHandle: string | undefined;
  /** Undefined: ready. */
  visibleAtMs: number | undefined;
  /** When it was last hidden or made ready, among all such moments. */
  turn: number;
}

export interface Received {
  readonly id: string;
  readonly receiveCount: number;
}

/** A standard queue as one would write it in an hour: a list that is scanned for everything. */
export class NaiveQueue {
  visibilityTimeoutSeconds = 30;
  retentionSeconds = 345_600;
  delaySeconds = 0;
  maxReceiveCount = Infinity;
  deadLetterQueue: NaiveQueue | undefined;
  messages: NaiveMessage[] = [];
  #turn = 0;

  send(id: string, delaySeconds: number | undefined, nowMs: number): void {
    const delayMs = (delaySeconds ?? this.delaySeconds) * 1_000;
    this.messages.push({
      id,
      sentAtMs: nowMs,
      receiveCount: 0,
      receivesHere: 0,
      receiptHandle: undefined,
      visibleAtMs: delayMs > 0 ? nowMs + delayMs : undefined,
      turn: this.#turn++,
    });
  }

  /** Brings the queue to `nowMs`. */
  pass(nowMs: number): void {
    for (;;) {
      const due = this.messages
        .filter((each) => each.visibleAtMs !== undefined && each.visibleAtMs <= nowMs)
        .sort((a, b) => a.visibleAtMs! - b.visibleAtMs! || rank(a) - rank(b) || a.turn - b.turn);
      if (due.length === 0) break;
      this.#makeReady(due[0]!);
    }
    const lastSentAtMs = nowMs - this.retentionSeconds * 1_000;
    this.messages = this.messages.filter((each) => each.sentAtMs > lastSentAtMs);
  }

  receive(max: number, visibilityTimeoutSeconds: number | undefined, nowMs: number): Received[] {
    const seconds = visibilityTimeoutSeconds ?? this.visibilityTimeoutSeconds;
    const taken: NaiveMessage[] = [];
    while (taken.length < max) {
      const next = this.#nextReady();
      if (next === undefined) break;
      if (this.deadLetterQueue !== undefined && next.receivesHere >= this.maxReceiveCount) {
        this.#moveTo(this.deadLetterQueue, next);
        continue;
      }
      next.receiveCount += 1;
      next.receivesHere += 1;
      next.visibleAtMs = nowMs + seconds * 1_000;
      next.turn = this.#turn++;
      taken.push(next);
    }
    if (seconds === 0) for (const message of taken) this.#makeReady(message);
    return taken.map(({ id, receiveCount }) => ({ id, receiveCount }));
  }

  noteHandle(id: string, receiptHandle: string): void {
    this.messages.find((each) => each.id === id)!.receiptHandle = receiptHandle;
  }

  delete(receiptHandle: string): void {
    this.messages = this.messages.filter((each) => each.receiptHandle !== receiptHandle);
  }

  changeVisibility(receiptHandle: string, seconds: number, nowMs: number): void {
    const message = this.messages.find((each) => each.receiptHandle === receiptHandle);
    if (message?.visibleAtMs === undefined) return;
    message.visibleAtMs = nowMs + seconds * 1_000;
    message.turn = this.#turn++;
    if (seconds === 0) this.#makeReady(message);
  }

  get counts(): { ready: number; inFlight: number; delayed: number } {
    const hidden = this.messages.filter((each) => each.visibleAtMs !== undefined);
    const inFlight = hidden.filter((each) => each.receivesHere > 0).length;
    return {
      ready: this.messages.length - hidden.length,
      inFlight,
      delayed: hidden.length - inFlight,
    };
  }

  /** What came back before its third receive goes first; else who became ready first. */
  #nextReady(): NaiveMessage | undefined {
    const isReturned = ({ receivesHere }: NaiveMessage) => receivesHere > 0 && receivesHere < 3;
    return this.messages
      .filter((each) => each.visibleAtMs === undefined)
      .sort((a, b) => Number(isReturned(b)) - Number(isReturned(a)) || a.turn - b.turn)[0];
  }

  #makeReady(message: NaiveMessage): void {
    message.visibleAtMs = undefined;
    message.turn = this.#turn++;
  }

  #moveTo(target: NaiveQueue, message: NaiveMessage): void {
    this.messages = this.messages.filter((each) => each !== message);
    const moved = { receivesHere: 0, receiptHandle: undefined, turn: target.#turn++ };
    target.messages.push({ ...message, ...moved });
  }
}

/** Of two that are due at one moment, a delayed message comes before one in flight. */
function rank(message: NaiveMessage): number {
  return message.receivesHere === 0 ? 0 : 1;
}

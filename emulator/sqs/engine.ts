import { DueHeap, type DueEntry } from "../due-heap.ts";
import type { MessageEvent } from "../events.ts";
import { systemRandom, type RandomSource } from "../random.ts";
import type { Action, ActionContext, Call, Output } from "./action.ts";
import {
  describeReceived,
  readReceiveRequest,
  type ReceiveOutput,
  type ReceiveRequest,
} from "./actions/receive-message.ts";
import { ACTIONS } from "./actions/table.ts";
import type { Change } from "./changes.ts";
import { Cooldowns } from "./cooldowns.ts";
import { SqsError } from "./errors.ts";
import type { Input } from "./input.ts";
import { unknownAction } from "./not-emulated.ts";
import { IN_FLIGHT_LIMIT, type Queue } from "./queue.ts";
import { Queues } from "./queues.ts";
import { applyChange } from "./restore.ts";
import { WaitingReceives } from "./waiting-receives.ts";

export type { Call } from "./action.ts";

export interface EngineOptions {
  readonly accountId: string;
  readonly region: string;
  /** AWS's waits of 60 s after PurgeQueue and before a deleted name is free again. Default false. */
  readonly cooldowns?: boolean;
  readonly random?: RandomSource;
  /** Called in the middle of an operation: it must neither throw nor call the engine. */
  onEvent?(event: MessageEvent): void;
  /** Called in the middle of an operation: it must neither throw nor call the engine. */
  onChange?(change: Change): void;
}

export interface ReceiveOptions {
  /** Wait without end instead of `WaitTimeSeconds`. For callers in the same process. */
  readonly waitUntilCancelled?: boolean;
}

/** SQS as a state machine: no I/O, and the time is an argument. */
export class SqsEngine {
  readonly #queues: Queues;
  readonly #cooldowns: Cooldowns;
  readonly #random: RandomSource;
  readonly #waiting = new WaitingReceives();
  /** Queues in which a delay or a visibility timeout runs, by the first end. */
  readonly #due = new DueHeap<Queue>();
  readonly #dueEntries = new Map<Queue, DueEntry<Queue>>();
  /** Queues that changed since waiting receives were last served and due times looked at. */
  readonly #touched = new Set<Queue>();
  #nowMs = -Infinity;
  #isRestoring = false;

  constructor(options: EngineOptions) {
    this.#random = options.random ?? systemRandom;
    this.#cooldowns = new Cooldowns(options.cooldowns ?? false);
    this.#queues = new Queues(options.accountId, options.region, {
      event: (event) => options.onEvent?.(event),
      change: (change) => {
        if (!this.#isRestoring) options.onChange?.(change);
      },
      touched: (queue) => this.#touched.add(queue),
    });
  }

  /** Every action but ReceiveMessage, for which there is `receive`. Throws `SqsError`. */
  perform(action: string, input: Input, call: Call): Output {
    const perform: Action | undefined = ACTIONS.get(action);
    if (perform === undefined) throw unknownAction(action);
    const context = this.#begin(call);
    try {
      return perform(input, context);
    } finally {
      this.#settle();
    }
  }

  /**
   * Calls `answer` once: before this returns when messages are ready or the wait is 0, else at the
   * instant a message becomes ready, else with `{}` when `WaitTimeSeconds` are over or the queue is
   * deleted. `answer` may call the engine but must not throw. A cancelled receive takes no message
   * and gets no answer. Throws `SqsError`.
   */
  receive(
    input: Input,
    call: Call,
    answer: (output: ReceiveOutput) => void,
    options: ReceiveOptions = {},
  ): { cancel(): void } {
    const context = this.#begin(call);
    const { request, output } = this.#tryReceive(input, context);
    const waitsForEver = options.waitUntilCancelled === true;
    if (output !== undefined || (!waitsForEver && request.waitSeconds === 0)) {
      if (output === undefined) refuseOverLimit(request.queue);
      answer(output ?? {});
      return { cancel() {} };
    }
    const endAtMs = waitsForEver ? undefined : context.nowMs + request.waitSeconds * 1_000;
    return { cancel: this.#waiting.add({ request, answer }, endAtMs) };
  }

  /**
   * Makes due things happen in the order of their times: delays and visibility timeouts end, the
   * receives that wait for them are answered, long polls end.
   */
  advanceTo(nowMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    for (;;) {
      const workAtMs = this.nextWorkAtMs() ?? Infinity;
      const endAtMs = this.nextBackgroundAtMs() ?? Infinity;
      if (Math.min(workAtMs, endAtMs) > this.#nowMs) return;
      if (workAtMs <= endAtMs) {
        this.#due.peek()!.item.releaseDue(workAtMs);
        this.#settle();
      } else {
        this.#waiting.popEnded(endAtMs)!.answer({});
      }
    }
  }

  /** The earliest end of a delay or a visibility timeout, in epoch milliseconds. O(1). */
  nextWorkAtMs(): number | undefined {
    return this.#due.peek()?.dueAtMs;
  }

  /** The earliest end of a long poll, in epoch milliseconds. O(1). */
  nextBackgroundAtMs(): number | undefined {
    return this.#waiting.nextEndAtMs;
  }

  /** Rebuilds the state that `changes` tell of. Nobody is told of it a second time. */
  restore(changes: Iterable<Change>): void {
    this.#isRestoring = true;
    try {
      for (const change of changes) applyChange(this.#queues, change);
    } finally {
      this.#isRestoring = false;
    }
    for (const queue of this.#queues.all()) this.#touched.add(queue);
    this.#settle();
  }

  /** The changes that rebuild the present state; it must not change while they are read. */
  *changes(): Iterable<Change> {
    for (const queue of this.#queues.all()) yield queue.describe();
    for (const queue of this.#queues.all()) {
      for (const message of queue.places.values()) {
        yield { kind: "message", queue: queue.name, message: { ...message } };
      }
    }
  }

  queueNames(): string[] {
    return this.#queues.names();
  }

  hasQueue(name: string): boolean {
    return this.#queues.find(name) !== undefined;
  }

  /** The ARN that a queue of this name has or would have. */
  queueArn(name: string): string {
    return this.#queues.arn(name);
  }

  #begin(call: Call): ActionContext {
    this.advanceTo(call.nowMs);
    return {
      ...call,
      nowMs: this.#nowMs,
      queues: this.#queues,
      cooldowns: this.#cooldowns,
      random: this.#random,
    };
  }

  #tryReceive(input: Input, context: ActionContext) {
    try {
      const request = readReceiveRequest(input, context);
      return { request, output: this.#take(request) };
    } finally {
      this.#settle();
    }
  }

  /** Answers undefined when no message is ready. */
  #take(request: ReceiveRequest): ReceiveOutput | undefined {
    const { queue } = request;
    const target = queue.redrivePolicy?.deadLetterTargetArn;
    const terms = {
      maxMessages: request.maxMessages,
      visibilityTimeoutSeconds: request.visibilityTimeoutSeconds,
      newReceiptId: () => this.#random.uuid(),
      deadLetterQueue: target === undefined ? undefined : this.#queues.findByArn(target),
    };
    const messages = queue.take(terms, this.#nowMs);
    return messages.length === 0 ? undefined : describeReceived(messages, request);
  }

  /** Serves the receives that wait at touched queues and puts the queues in order of time again. */
  #settle(): void {
    // An answer may call the engine, and a redrive may touch another queue: the set grows meanwhile.
    for (const queue of this.#touched) {
      this.#touched.delete(queue);
      if (this.#queues.find(queue.name) === queue) this.#serve(queue);
      else this.#dismiss(queue);
      this.#reschedule(queue);
    }
  }

  #serve(queue: Queue): void {
    for (;;) {
      const first = this.#waiting.first(queue);
      if (first === undefined) return;
      const output = this.#take(first.request);
      if (output === undefined) return;
      this.#waiting.shift(queue);
      first.answer(output);
    }
  }

  #dismiss(queue: Queue): void {
    for (;;) {
      const receive = this.#waiting.shift(queue);
      if (receive === undefined) return;
      receive.answer({});
    }
  }

  #reschedule(queue: Queue): void {
    const dueAtMs = queue.places.nextDue()?.visibleAtMs;
    const entry = this.#dueEntries.get(queue);
    if (dueAtMs === undefined) {
      if (entry === undefined) return;
      this.#due.remove(entry);
      this.#dueEntries.delete(queue);
    } else if (entry === undefined) {
      this.#dueEntries.set(queue, this.#due.push(queue, dueAtMs));
    } else {
      this.#due.reschedule(entry, dueAtMs);
    }
  }
}

function refuseOverLimit(queue: Queue): void {
  if (queue.places.counts.inFlight < IN_FLIGHT_LIMIT) return;
  const message = `Too many messages of ${queue.name} are in flight: the limit is ${IN_FLIGHT_LIMIT}.`;
  throw new SqsError("OverLimit", message);
}

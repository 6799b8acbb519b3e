import type { Clock, Timer, TimerKind } from "../clock/clock.ts";
import { SkippableClock } from "../clock/skippable.ts";
import type { MessageEvent } from "../events.ts";
import type { Change } from "../sqs/changes.ts";
import { SqsEngine, type EngineOptions, type ReceiveOptions } from "../sqs/engine.ts";
import type { Journal } from "../storage/journal.ts";
import type { EventLog } from "./event-log.ts";

export type Input = Record<string, unknown>;
export type Output = Record<string, unknown>;

/** Where a call came in: what queue URLs begin with, and the path that may name the queue. */
export interface CalledAt {
  readonly baseUrl: string;
  readonly path?: string;
}

export interface RunningEngineOptions extends Pick<
  EngineOptions,
  "accountId" | "region" | "cooldowns"
> {
  readonly clock: Clock;
  readonly events: EventLog;
  readonly journal?: Journal | undefined;
}

/** The engine on a clock, with a journal if given: the one door that all callers go through. */
export class RunningEngine {
  readonly #engine: SqsEngine;
  readonly #clock: Clock;
  readonly #events: EventLog;
  readonly #journal: Journal | undefined;
  readonly #work = new DueTimer("work");
  readonly #background = new DueTimer("background");
  #happened: MessageEvent[] = [];
  #storedOffsetMs = 0;

  constructor({ clock, events, journal, ...engineOptions }: RunningEngineOptions) {
    this.#clock = clock;
    this.#events = events;
    this.#journal = journal;
    this.#engine = new SqsEngine({
      ...engineOptions,
      onEvent: (event) => void this.#happened.push(event),
      onChange: (change) => journal?.append(change),
    });
    if (journal === undefined) return;
    this.#engine.restore(journal.recovered);
    journal.compactFrom(() => this.#snapshot());
    this.#afterCall();
  }

  /** Settles when what the action changed is in the journal. @throws SqsError */
  async perform(action: string, input: Input, at: CalledAt): Promise<Output> {
    try {
      return this.#engine.perform(action, input, { nowMs: this.#clock.now(), ...at });
    } finally {
      this.#afterCall();
      await this.flushed();
    }
  }

  /**
   * Calls `answer` when messages are there or the wait is over, perhaps before it returns. Await
   * `flushed` before a message leaves the process. @throws SqsError
   */
  receive(
    input: Input,
    at: CalledAt,
    answer: (output: Output) => void,
    options: ReceiveOptions = {},
  ): { cancel(): void } {
    try {
      const call = { nowMs: this.#clock.now(), ...at };
      const waiting = this.#engine.receive(input, call, answer, options);
      return {
        cancel: () => {
          waiting.cancel();
          this.#afterCall();
        },
      };
    } finally {
      this.#afterCall();
    }
  }

  hasQueue(name: string): boolean {
    return this.#engine.hasQueue(name);
  }

  queueArn(name: string): string {
    return this.#engine.queueArn(name);
  }

  async flushed(): Promise<void> {
    await this.#journal?.flushed();
  }

  /** Nothing happens by itself any more. */
  stop(): void {
    this.#storeOffset();
    this.#work.stop();
    this.#background.stop();
  }

  #advance(): void {
    this.#engine.advanceTo(this.#clock.now());
    this.#afterCall();
  }

  /** Events wait until the engine is done, because a listener may call it. */
  #afterCall(): void {
    const advance = () => this.#advance();
    this.#work.set(this.#clock, this.#engine.nextWorkAtMs(), advance);
    this.#background.set(this.#clock, this.#engine.nextBackgroundAtMs(), advance);
    this.#storeOffset();
    const happened = this.#happened;
    this.#happened = [];
    for (const event of happened) this.#events.publish(event);
  }

  /** What was due after a skip is due after a restart, too, if the skip is remembered. */
  #storeOffset(): void {
    const change = offsetChange(this.#clock);
    if (change === undefined || change.offsetMs === this.#storedOffsetMs) return;
    this.#storedOffsetMs = change.offsetMs;
    this.#journal?.append(change);
  }

  *#snapshot(): Iterable<Change> {
    yield* this.#engine.changes();
    const change = offsetChange(this.#clock);
    if (change !== undefined) yield change;
  }
}

function offsetChange(clock: Clock): Extract<Change, { kind: "clock" }> | undefined {
  return clock instanceof SkippableClock ? { kind: "clock", offsetMs: clock.offsetMs } : undefined;
}

/** One timer that follows the moment for which it is wanted. */
class DueTimer {
  readonly #kind: TimerKind;
  #timer: Timer | undefined;
  #dueAtMs: number | undefined;
  #isStopped = false;

  constructor(kind: TimerKind) {
    this.#kind = kind;
  }

  set(clock: Clock, dueAtMs: number | undefined, onDue: () => void): void {
    if (dueAtMs === this.#dueAtMs || this.#isStopped) return;
    this.#cancel();
    if (dueAtMs === undefined) return;
    this.#dueAtMs = dueAtMs;
    this.#timer = clock.at(dueAtMs, () => this.#fire(onDue), this.#kind);
  }

  /** For good: a call that comes later must not keep the process alive. */
  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  #cancel(): void {
    this.#timer?.cancel();
    this.#dueAtMs = undefined;
  }

  #fire(onDue: () => void): void {
    this.#dueAtMs = undefined;
    onDue();
  }
}

import type { Clock } from "../clock/clock.ts";
import type { InvocationEvent } from "../events.ts";
import { BackOff, backgroundSleep } from "./back-off.ts";
import { describeError, type InvocationResult, type Invoke } from "./invocation.ts";
import type { EventSourceMapping } from "./mapping.ts";
import { settle } from "./outcome.ts";
import { splitByPayload } from "./payload-parts.ts";
import { toRecord, type SqsRecord } from "./record.ts";
import { removeAll, type RemovalFailure } from "./removal.ts";
import type { MessageSource, ReceivedMessages } from "./source.ts";

const FIRST_RECEIVE_RETRY_MS = 100;
const LONGEST_RECEIVE_RETRY_MS = 10_000;
const FIRST_THROTTLE_RETRY_MS = 1000;
const LONGEST_THROTTLE_RETRY_MS = 20_000;
const TOO_LATE = "The visibility timeout was over before the function could be invoked.";

export interface PollerOptions {
  readonly mapping: EventSourceMapping;
  readonly receive: MessageSource["receive"];
  readonly remove: MessageSource["remove"];
  readonly invoke: Invoke;
  readonly clock: Clock;
  /** Called after each invocation was settled. It must not throw. */
  onInvoked(event: InvocationEvent): void;
  /** Called when the queue gives trouble; the poller goes on. It must not throw. */
  onProblem(problem: PollerProblem): void;
}

export type PollerProblem =
  | { readonly type: "receiveFailed"; readonly reason: string; readonly retryInMs: number }
  | ({ readonly type: "removeFailed" } & RemovalFailure);

/**
 * Lambda's poller between a queue and a function: receives, invokes, and deletes what succeeded.
 * Of what failed it tells the queue nothing: the message comes back when its visibility timeout,
 * counted from the receive, is over, and receive counts and redrive are the queue's.
 */
export class Poller {
  readonly #options: PollerOptions;
  readonly #stopping = new AbortController();
  readonly #inFlight = new Set<Promise<void>>();
  readonly #loop: Promise<void>;
  #slotFreed: () => void = () => {};

  /** Starts receiving at once, unless the mapping is disabled. */
  constructor(options: PollerOptions) {
    this.#options = options;
    this.#loop = options.mapping.enabled ? this.#poll() : Promise.resolve();
  }

  /** Stops receiving at once; settles when the work in flight is done. Calling it again is safe. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#slotFreed();
    await this.#loop;
    await Promise.all(this.#inFlight);
  }

  async #poll(): Promise<void> {
    const backOff = new BackOff(FIRST_RECEIVE_RETRY_MS, LONGEST_RECEIVE_RETRY_MS);
    while (!this.#stopping.signal.aborted) {
      if (this.#inFlight.size >= this.#options.mapping.concurrency) {
        await new Promise<void>((resolve) => (this.#slotFreed = resolve));
        continue;
      }
      const received = await this.#receive(backOff);
      if (received !== undefined) this.#start(received);
    }
  }

  async #receive(backOff: BackOff): Promise<ReceivedMessages | undefined> {
    const { receive, clock, mapping, onProblem } = this.#options;
    const { signal } = this.#stopping;
    try {
      const received = await receive(mapping.batchSize, signal);
      backOff.reset();
      return received;
    } catch (error) {
      if (signal.aborted) return undefined;
      const retryInMs = backOff.nextWaitMs();
      onProblem({ type: "receiveFailed", reason: describeError(error), retryInMs });
      await backgroundSleep(clock, retryInMs, signal);
      return undefined;
    }
  }

  #start(received: ReceivedMessages): void {
    // The batch holds a token of its own before it gives back the one that came with it, so that a
    // clock cannot move in between.
    const batch = this.#options.clock.run(() => this.#handle(received));
    received.release();
    const done = batch.finally(() => {
      this.#inFlight.delete(done);
      this.#slotFreed();
    });
    this.#inFlight.add(done);
  }

  async #handle({ messages }: ReceivedMessages): Promise<void> {
    const { mapping, clock } = this.#options;
    const visibleAtMs = clock.now() + mapping.visibilityTimeoutSeconds * 1000;
    const records = messages.map((message) =>
      toRecord(message, mapping.eventSourceArn, mapping.region),
    );
    for (const part of splitByPayload(records)) await this.#invokeAndSettle(part, visibleAtMs);
  }

  async #invokeAndSettle(records: readonly SqsRecord[], visibleAtMs: number): Promise<void> {
    const { mapping, remove, clock, onInvoked, onProblem } = this.#options;
    const messageIds = records.map((record) => record.messageId);
    const startedAtMs = clock.now();
    const result = await this.#invokeWhileInvisible(records, visibleAtMs);
    const durationMs = clock.now() - startedAtMs;

    const outcome = settle(result, messageIds, mapping.reportBatchItemFailures);
    const failed = new Set(outcome.failedMessageIds);
    const handled = records.filter((record) => !failed.has(record.messageId));
    for (const failure of await removeAll(handled, remove, clock)) {
      onProblem({ type: "removeFailed", ...failure });
    }
    onInvoked({
      type: "invoked",
      atMs: clock.now(),
      queue: mapping.queueName,
      functionName: mapping.functionName,
      messageIds,
      durationMs,
      ...outcome,
    });
  }

  /** A throttled batch is tried again until its messages are visible to others, as AWS does. */
  async #invokeWhileInvisible(
    records: readonly SqsRecord[],
    visibleAtMs: number,
  ): Promise<Exclude<InvocationResult, { outcome: "throttled" }>> {
    const { clock } = this.#options;
    const { signal } = this.#stopping;
    const backOff = new BackOff(FIRST_THROTTLE_RETRY_MS, LONGEST_THROTTLE_RETRY_MS);
    const isInvisible = () => clock.now() < visibleAtMs;
    const mayRetry = () => !signal.aborted && isInvisible();
    // The parts of a batch before this one may have taken all the time that there was.
    if (!isInvisible()) return { outcome: "failed", error: TOO_LATE };
    do {
      const result = await this.#invoke(records);
      if (result.outcome !== "throttled") return result;
      const waitMs = Math.min(backOff.nextWaitMs(), visibleAtMs - clock.now());
      if (mayRetry()) await clock.sleep(waitMs, signal).catch(() => {});
    } while (mayRetry());
    return { outcome: "failed", error: "The function was throttled (429) and did not run." };
  }

  async #invoke(records: readonly SqsRecord[]): Promise<InvocationResult> {
    try {
      return await this.#options.invoke({ Records: records });
    } catch (error) {
      return { outcome: "failed", error: describeError(error) };
    }
  }
}

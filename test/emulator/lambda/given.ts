import { VirtualClock } from "../../../emulator/clock/virtual.ts";
import type { InvocationEvent } from "../../../emulator/events.ts";
import type { InvocationResult } from "../../../emulator/lambda/invocation.ts";
import { createMapping, type MappingRequest } from "../../../emulator/lambda/mapping.ts";
import { Poller, type PollerProblem } from "../../../emulator/lambda/poller.ts";
import type { SqsEvent } from "../../../emulator/lambda/record.ts";
import type {
  MessageSource,
  ReceivedMessages,
  RemoveEntry,
  WireMessage,
} from "../../../emulator/lambda/source.ts";

export const ARN = "arn:aws:sqs:eu-west-1:111122223333:letters";
export const VISIBILITY_TIMEOUT_SECONDS = 60;

export function message(id: string, body = `body of ${id}`): WireMessage {
  return {
    MessageId: id,
    ReceiptHandle: `handle of ${id}`,
    Body: body,
    MD5OfBody: "digest",
    Attributes: { ApproximateReceiveCount: "1" },
  };
}

export function succeeds(payload = ""): Extract<InvocationResult, { outcome: "returned" }> {
  return { outcome: "returned", payload };
}

/** Message ids in the order given. */
function idsOf(event: SqsEvent): string[] {
  return event.Records.map((record) => record.messageId);
}

export interface Given {
  readonly clock?: VirtualClock;
  readonly mapping?: Partial<MappingRequest>;
  readonly invoke?: (event: SqsEvent) => Promise<InvocationResult>;
  readonly receive?: MessageSource["receive"];
  readonly remove?: MessageSource["remove"];
}

/** A poller on functions in memory and a virtual clock, with all that it did. */
export function startPoller(given: Given = {}) {
  const clock = given.clock ?? new VirtualClock();
  const queue = new HandedBatches(clock);
  const invocations: { atMs: number; messageIds: string[] }[] = [];
  const removals: string[][] = [];
  const events: InvocationEvent[] = [];
  const problems: PollerProblem[] = [];
  const startMs = clock.now();
  const poller = new Poller({
    mapping: createMapping(
      { functionName: "read", eventSourceArn: ARN, ...given.mapping },
      {
        functionTimeoutSeconds: 30,
        visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS,
        existing: [],
      },
    ),
    clock,
    receive: given.receive ?? ((max, signal) => queue.receive(max, signal)),
    remove(entries: readonly RemoveEntry[]) {
      removals.push(entries.map((entry) => entry.ReceiptHandle.replace("handle of ", "")));
      return given.remove?.(entries) ?? Promise.resolve([]);
    },
    invoke(event) {
      invocations.push({ atMs: clock.now() - startMs, messageIds: idsOf(event) });
      return given.invoke?.(event) ?? Promise.resolve(succeeds());
    },
    onInvoked: (event) => events.push(event),
    onProblem: (problem) => problems.push(problem),
  });
  return { clock, queue, poller, invocations, removals, events, problems };
}

/** A queue in which a test puts whole batches, as a receive would answer them. */
class HandedBatches {
  readonly #clock: VirtualClock;
  readonly #batches: WireMessage[][] = [];
  #waiting: (() => void) | undefined;
  /** The `max` of each receive. */
  readonly receives: number[] = [];
  waiting = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** Gives the messages to the waiting receive at once, as a queue does. */
  hand(...messages: WireMessage[]): void {
    this.#batches.push(messages);
    this.#waiting?.();
  }

  async receive(max: number, signal: AbortSignal): Promise<ReceivedMessages> {
    this.receives.push(max);
    this.waiting += 1;
    try {
      signal.throwIfAborted();
      return await new Promise<ReceivedMessages>((resolve, reject) => {
        const give = () => {
          const messages = this.#batches.shift();
          if (messages === undefined) return;
          this.#waiting = undefined;
          resolve({ messages, release: this.#clock.busy() });
        };
        this.#waiting = give;
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        give();
      });
    } finally {
      this.waiting -= 1;
      this.#waiting = undefined;
    }
  }
}

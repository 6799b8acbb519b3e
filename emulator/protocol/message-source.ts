import type { Clock, Release } from "../clock/clock.ts";
import type { Output, RunningEngine } from "./running-engine.ts";

/** A message as ReceiveMessage answers it, with all attributes. */
export interface WireMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly Attributes: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, WireAttribute>>;
  readonly MD5OfMessageAttributes?: string;
}

export interface WireAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}

export interface ReceivedBatch {
  readonly messages: readonly WireMessage[];
  /**
   * Gives back the busy token that was taken at the moment the messages were given. Call it when
   * they are settled, or as soon as a `clock.run` covers the work on them: a token taken here is
   * not lent by a `clock.sleep` in the handler, one of `clock.run` is.
   */
  readonly release: Release;
}

export interface RemoveEntry {
  readonly Id: string;
  readonly ReceiptHandle: string;
}

export interface RemoveFailure {
  readonly Id: string;
  readonly Code: string;
  readonly Message?: string;
  readonly SenderFault: boolean;
}

/** One queue, as an event source mapping in the same process sees it. */
export interface MessageSource {
  /**
   * Waits without end for up to `maxMessages` (SQS gives 10 at most).
   * Rejects with the signal's reason, and then took no message; or with an SqsError when there is
   * no such queue. The answer is empty when the queue is deleted meanwhile.
   */
  receive(maxMessages: number, signal: AbortSignal): Promise<ReceivedBatch>;
  /** Deletes up to 10 messages; answers those that could not be. */
  remove(entries: readonly RemoveEntry[]): Promise<readonly RemoveFailure[]>;
}

const LARGEST_RECEIVE = 10;

export function createMessageSource(
  engine: RunningEngine,
  clock: Clock,
  queue: { readonly url: string; readonly baseUrl: string },
): MessageSource {
  const at = { baseUrl: queue.baseUrl };
  return {
    async receive(maxMessages, signal) {
      signal.throwIfAborted();
      const input = {
        QueueUrl: queue.url,
        MaxNumberOfMessages: Math.min(maxMessages, LARGEST_RECEIVE),
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      };
      const batch = await new Promise<ReceivedBatch>((resolve, reject) => {
        const abort = () => {
          waiting.cancel();
          reject(signal.reason);
        };
        const answer = (output: Output) => {
          signal.removeEventListener("abort", abort);
          const messages = (output["Messages"] ?? []) as WireMessage[];
          resolve({ messages, release: clock.busy() });
        };
        signal.addEventListener("abort", abort, { once: true });
        const waiting = engine.receive(input, at, answer, { waitUntilCancelled: true });
      });
      return await durable(engine, batch);
    },

    async remove(entries) {
      const input = { QueueUrl: queue.url, Entries: entries };
      const output = await engine.perform("DeleteMessageBatch", input, at);
      return (output["Failed"] ?? []) as RemoveFailure[];
    },
  };
}

/** A receive counts only once it is in the journal; if it cannot be, nobody works on the batch. */
async function durable(engine: RunningEngine, batch: ReceivedBatch): Promise<ReceivedBatch> {
  try {
    await engine.flushed();
    return batch;
  } catch (error) {
    batch.release();
    throw error;
  }
}

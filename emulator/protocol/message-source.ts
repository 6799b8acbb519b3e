import type { Clock } from "../clock/clock.ts";
import type { MessageSource, ReceivedMessages, WireMessage } from "../lambda/source.ts";
import type { Output, RunningEngine } from "./running-engine.ts";

const LARGEST_RECEIVE = 10;

/**
 * One queue, as an event source mapping in the same process sees it: served at the instant a
 * message becomes ready, and holding a busy token from that instant on. The token is a plain one,
 * which a sleep inside the handler does not lend; give it back once a `clock.run` covers the work.
 */
export function createMessageSource(
  engine: RunningEngine,
  clock: Clock,
  queueUrl: string,
  baseUrl: string,
): MessageSource {
  const receiveOnce = (max: number, signal: AbortSignal) => {
    signal.throwIfAborted();
    return new Promise<ReceivedMessages>((resolve, reject) => {
      const abort = () => {
        waiting.cancel();
        reject(signal.reason);
      };
      let isAnswered = false;
      const answer = (output: Output) => {
        isAnswered = true;
        signal.removeEventListener("abort", abort);
        const messages = (output["Messages"] ?? []) as WireMessage[];
        resolve({ messages, release: clock.busy() });
      };
      const input = {
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(max, LARGEST_RECEIVE),
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      };
      const waiting = engine.receive(input, { baseUrl }, answer, { waitUntilCancelled: true });
      // A poller's signal outlives millions of receives: an answered one must leave nothing on it.
      if (!isAnswered) signal.addEventListener("abort", abort, { once: true });
    });
  };
  return {
    async receive(max, signal) {
      for (;;) {
        const received = await receiveOnce(max, signal);
        if (received.messages.length > 0) return await durable(engine, received);
        // The queue was deleted while the call waited: the next one says so.
        received.release();
      }
    },

    async remove(entries) {
      const input = { QueueUrl: queueUrl, Entries: entries };
      const output = await engine.perform("DeleteMessageBatch", input, { baseUrl });
      return (output["Failed"] ?? []) as Awaited<ReturnType<MessageSource["remove"]>>;
    },
  };
}

/** A receive counts only once it is in the journal; if it cannot be, nobody works on the batch. */
async function durable(
  engine: RunningEngine,
  received: ReceivedMessages,
): Promise<ReceivedMessages> {
  try {
    await engine.flushed();
    return received;
  } catch (error) {
    received.release();
    throw error;
  }
}

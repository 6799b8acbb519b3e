import { findQueue, type Action } from "../action.ts";
import { readBatch, runBatch, type Batch } from "../batch.ts";
import { SqsError } from "../errors.ts";
import {
  describeSent,
  readOutgoingMessage,
  tooLong,
  type OutgoingMessage,
} from "../outgoing-message.ts";

const MAX_BATCH_BYTES = 1_048_576;

export const sendMessageBatch: Action = (input, context) => {
  const queue = findQueue(input, context);
  const batch = readBatch(input, "SendMessageBatchRequestEntry", readOutgoingMessage);
  checkTotal(batch);
  const { maximumMessageBytes } = queue.settings;
  return runBatch(batch, ({ content, bytes, delaySeconds }) => {
    if (bytes > maximumMessageBytes) throw tooLong(maximumMessageBytes, "cannot be validated");
    return describeSent(queue.send(content, context.random.uuid(), delaySeconds, context.nowMs));
  });
};

function checkTotal(batch: Batch<OutgoingMessage>): void {
  let total = 0;
  for (const entry of batch.values()) total += entry instanceof SqsError ? 0 : entry.bytes;
  if (total <= MAX_BATCH_BYTES) return;
  throw new SqsError(
    "AWS.SimpleQueueService.BatchRequestTooLong",
    `Batch requests cannot be longer than ${MAX_BATCH_BYTES} bytes. You have sent ${total} bytes.`,
  );
}

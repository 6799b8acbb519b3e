import { findQueue, type Action, type Output } from "../action.ts";
import { requiredString, type Input } from "../input.ts";
import type { Queue } from "../queue.ts";
import { readReceiptHandle } from "../receipt.ts";

export const deleteMessage: Action = (input, context) =>
  deleteByHandle(findQueue(input, context), readHandle(input), context.nowMs);

export function readHandle(input: Input): string {
  return requiredString(input, "ReceiptHandle");
}

/**
 * An expired handle deletes as long as the message was not received again. Later, and after a
 * delete, AWS answers success and does nothing.
 */
export function deleteByHandle(queue: Queue, handle: string, nowMs: number): Output {
  const { messageId, receiptId } = readReceiptHandle(queue.arn, handle);
  const message = queue.places.find(messageId);
  if (message?.receiptId === receiptId) queue.delete(message, nowMs);
  return {};
}

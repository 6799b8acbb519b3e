import { findQueue, type Action, type Output } from "../action.ts";
import { missingParameter, requiredString, type Input } from "../input.ts";
import {
  invalidParameter,
  MAX_VISIBILITY_TIMEOUT_SECONDS,
  optionalVisibilityTimeout,
} from "../limits.ts";
import type { Message } from "../message.ts";
import type { Queue } from "../queue.ts";
import { readReceiptHandle } from "../receipt.ts";

export interface VisibilityChange {
  readonly handle: string;
  /** From the call on. */
  readonly seconds: number;
}

export const changeMessageVisibility: Action = (input, context) =>
  applyVisibilityChange(findQueue(input, context), readVisibilityChange(input), context.nowMs);

export function readVisibilityChange(input: Input): VisibilityChange {
  const handle = requiredString(input, "ReceiptHandle");
  const seconds = optionalVisibilityTimeout(input);
  if (seconds === undefined) throw missingParameter("VisibilityTimeout");
  return { handle, seconds };
}

/**
 * Holds for this receive only. With a handle that is no longer current AWS answers success; that it
 * does nothing then is the stricter of the two reports about it.
 */
export function applyVisibilityChange(
  queue: Queue,
  { handle, seconds }: VisibilityChange,
  nowMs: number,
): Output {
  const { messageId, receiptId } = readReceiptHandle(queue.arn, handle);
  const message = queue.places.find(messageId);
  if (message === undefined) {
    const reason = "Message does not exist or is not available for visibility timeout change.";
    throw invalidParameter("ReceiptHandle", handle, reason);
  }
  const isInFlight = message.receiptId === receiptId && message.visibleAtMs !== undefined;
  if (isInFlight) {
    checkTotal(message, seconds, nowMs);
    queue.changeVisibility(message, seconds, nowMs);
  }
  return {};
}

/** AWS's 12 hours count from the receive, however often the timeout was changed since. */
function checkTotal(message: Message, seconds: number, nowMs: number): void {
  const totalMs = nowMs - message.lastReceivedAtMs! + seconds * 1_000;
  if (totalMs <= MAX_VISIBILITY_TIMEOUT_SECONDS * 1_000) return;
  const limit = `[${MAX_VISIBILITY_TIMEOUT_SECONDS} seconds]`;
  const reason = `Total VisibilityTimeout for the message is beyond the limit ${limit}`;
  throw invalidParameter("VisibilityTimeout", seconds, reason);
}

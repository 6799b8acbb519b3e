import type { MessagePlaces } from "./message-places.ts";
import type { Message } from "./message.ts";

/** What a receive does to a message; the journal's replay does the same again. */
export function markReceived(
  places: MessagePlaces,
  message: Message,
  receive: { readonly receiptId: string; readonly atMs: number; readonly visibleAtMs: number },
): void {
  message.receiveCount += 1;
  message.receivesHere += 1;
  message.firstReceivedAtMs ??= receive.atMs;
  message.lastReceivedAtMs = receive.atMs;
  message.receiptId = receive.receiptId;
  places.hide(message, receive.visibleAtMs);
}

/**
 * Redrive: the message keeps its id, content, time of sending and receive count. In the dead-letter
 * queue it is visible at once, and receives there count anew for a redrive policy of that queue:
 * AWS leaves chains undefined, and this way a circle of queues cannot spin.
 */
export function markMoved(
  from: MessagePlaces,
  to: MessagePlaces,
  message: Message,
  sourceArn: string,
): void {
  from.remove(message);
  message.receivesHere = 0;
  message.receiptId = undefined;
  message.visibleAtMs = undefined;
  message.deadLetterSourceArn = sourceArn;
  to.insert(message);
}

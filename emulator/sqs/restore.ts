import type { Change } from "./changes.ts";
import type { Message } from "./message.ts";
import type { Queue } from "./queue.ts";
import type { Queues } from "./queues.ts";
import { markMoved, markReceived } from "./transitions.ts";

/** Does again what `change` tells. A change of something that is not there is passed over. */
export function applyChange(queues: Queues, change: Change): void {
  if (change.kind === "clock") return;
  if (change.kind === "queue") {
    const attributes = new Map(Object.entries(change.attributes));
    const queue =
      queues.find(change.queue) ?? queues.create(change.queue, attributes, change.createdAtMs);
    queue.setAttributes(attributes, change.modifiedAtMs);
    return;
  }
  const queue = queues.find(change.queue);
  if (queue === undefined) return;
  if (change.kind === "queueDeleted") queues.delete(queue);
  else if (change.kind === "purged") queue.clear();
  else if (change.kind === "message") queue.places.insert(blankExcept(change.message));
  else applyToMessage(queues, queue, change);
}

type MessageChange = Extract<Change, { messageId: string }>;

function applyToMessage(queues: Queues, queue: Queue, change: MessageChange): void {
  const message = queue.places.find(change.messageId);
  if (message === undefined) return;
  switch (change.kind) {
    case "received":
      return markReceived(queue.places, message, change);
    case "visibility":
      return queue.places.hide(message, change.visibleAtMs);
    case "removed":
      return queue.places.remove(message);
    case "moved": {
      const target = queues.find(change.to);
      if (target === undefined) queue.places.remove(message);
      else markMoved(queue.places, target.places, message, change.sourceArn);
    }
  }
}

/** JSON leaves out what is undefined; with every member set, all messages keep one shape. */
function blankExcept(message: Readonly<Message>): Message {
  return {
    traceHeader: undefined,
    messageGroupId: undefined,
    firstReceivedAtMs: undefined,
    lastReceivedAtMs: undefined,
    receiptId: undefined,
    visibleAtMs: undefined,
    deadLetterSourceArn: undefined,
    ...message,
  };
}

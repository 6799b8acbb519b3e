import { findQueue, type Action } from "../action.ts";

export const deleteQueue: Action = (input, context) => {
  const queue = findQueue(input, context);
  context.queues.delete(queue);
  context.cooldowns.queueDeleted(queue.name, context.nowMs);
  return {};
};

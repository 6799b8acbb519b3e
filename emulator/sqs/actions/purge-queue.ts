import { findQueue, type Action } from "../action.ts";

export const purgeQueue: Action = (input, context) => {
  const queue = findQueue(input, context);
  context.cooldowns.checkPurge(queue.name, context.nowMs);
  queue.purge(context.nowMs);
  context.cooldowns.queuePurged(queue.name, context.nowMs);
  return {};
};

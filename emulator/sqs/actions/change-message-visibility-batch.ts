import { findQueue, type Action } from "../action.ts";
import { readBatch, runBatch } from "../batch.ts";
import { applyVisibilityChange, readVisibilityChange } from "./change-message-visibility.ts";

export const changeMessageVisibilityBatch: Action = (input, context) => {
  const queue = findQueue(input, context);
  const entryType = "ChangeMessageVisibilityBatchRequestEntry";
  const batch = readBatch(input, entryType, readVisibilityChange);
  return runBatch(batch, (change) => applyVisibilityChange(queue, change, context.nowMs));
};

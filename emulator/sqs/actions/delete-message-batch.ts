import { findQueue, type Action } from "../action.ts";
import { readBatch, runBatch } from "../batch.ts";
import { deleteByHandle, readHandle } from "./delete-message.ts";

export const deleteMessageBatch: Action = (input, context) => {
  const queue = findQueue(input, context);
  const batch = readBatch(input, "DeleteMessageBatchRequestEntry", readHandle);
  return runBatch(batch, (handle) => deleteByHandle(queue, handle, context.nowMs));
};

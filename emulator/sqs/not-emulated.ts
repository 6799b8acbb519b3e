import { SqsError } from "./errors.ts";
import { stringMap, type Input } from "./input.ts";

/** Actions that SQS has and this emulator does not. */
const ACTIONS: ReadonlySet<string> = new Set([
  "AddPermission",
  "CancelMessageMoveTask",
  "ListDeadLetterSourceQueues",
  "ListMessageMoveTasks",
  "ListQueueTags",
  "RemovePermission",
  "StartMessageMoveTask",
  "TagQueue",
  "UntagQueue",
]);

/** For an action that is not performed here: a caller should see whether a name is misspelt. */
export function unknownAction(action: string): SqsError {
  if (ACTIONS.has(action)) return notEmulated(`The action ${action} is not emulated yet.`);
  return new SqsError("InvalidAction", `The action ${action} is not valid for this endpoint.`);
}

/** Tags that were taken and forgotten would be a lie. */
export function refuseTags(input: Input): void {
  if (stringMap(input, "tags").length === 0) return;
  throw notEmulated("Tags of queues are not emulated yet: create the queue without them.");
}

function notEmulated(message: string): SqsError {
  return new SqsError("AWS.SimpleQueueService.UnsupportedOperation", message);
}

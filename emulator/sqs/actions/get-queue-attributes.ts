import { findQueue, type Action } from "../action.ts";
import { READABLE_ATTRIBUTES, shownAttributes, unknownAttribute } from "../attributes.ts";
import { stringList } from "../input.ts";
import type { Queue } from "../queue.ts";

/** Without `AttributeNames` nothing is answered, as on AWS. Counts are exact. */
export const getQueueAttributes: Action = (input, context) => {
  const queue = findQueue(input, context);
  const names = new Set(stringList(input, "AttributeNames"));
  for (const name of names) {
    if (!READABLE_ATTRIBUTES.has(name)) throw unknownAttribute(name);
  }
  const shown = allAttributes(queue).filter(([name]) => names.has("All") || names.has(name));
  return shown.length === 0 ? {} : { Attributes: Object.fromEntries(shown) };
};

function allAttributes(queue: Queue): [string, string][] {
  const { ready, inFlight, delayed } = queue.places.counts;
  return [
    ["QueueArn", queue.arn],
    ["ApproximateNumberOfMessages", String(ready)],
    ["ApproximateNumberOfMessagesNotVisible", String(inFlight)],
    ["ApproximateNumberOfMessagesDelayed", String(delayed)],
    ["CreatedTimestamp", epochSeconds(queue.createdAtMs)],
    ["LastModifiedTimestamp", epochSeconds(queue.modifiedAtMs)],
    ...shownAttributes(queue.attributes),
  ];
}

function epochSeconds(epochMs: number): string {
  return String(Math.floor(epochMs / 1_000));
}

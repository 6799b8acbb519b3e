import { findQueue, type Action, type ActionContext } from "../action.ts";
import { attributeValue, checkAttributes, withAttributes, type Attributes } from "../attributes.ts";
import { missingParameter, stringMap } from "../input.ts";
import { checkRedriveTarget } from "../redrive.ts";

export const setQueueAttributes: Action = (input, context) => {
  const queue = findQueue(input, context);
  const wanted = stringMap(input, "Attributes");
  if (wanted.length === 0) throw missingParameter("Attributes");
  const checked = checkAttributes(wanted);
  checkTarget(checked, queue.arn, context);
  queue.setAttributes(withAttributes(queue.attributes, checked), context.nowMs);
  queue.expire(context.nowMs);
  return {};
};

/** Checks the dead-letter queue of a redrive policy that is about to be set. */
export function checkTarget(
  checked: Attributes,
  sourceArn: string,
  { queues }: ActionContext,
): void {
  checkRedriveTarget(checked.get("RedrivePolicy"), sourceArn, (arn) => {
    const target = queues.findByArn(arn);
    if (target === undefined) return undefined;
    return { allowPolicy: attributeValue(target.attributes, "RedriveAllowPolicy") };
  });
}

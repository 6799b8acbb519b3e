import type { Action } from "../action.ts";
import { attributeValue, checkAttributes, withAttributes } from "../attributes.ts";
import { SqsError } from "../errors.ts";
import { requiredString, stringMap } from "../input.ts";
import { refuseTags } from "../not-emulated.ts";
import { checkQueueName, fifoUnsupported } from "../queue-name.ts";
import { checkTarget } from "./set-queue-attributes.ts";

/** Creating a queue that exists is fine as long as no attribute is named with another value. */
export const createQueue: Action = (input, context) => {
  const { queues, nowMs } = context;
  const name = requiredString(input, "QueueName");
  const wanted = stringMap(input, "Attributes");
  checkQueueName(name);
  refuseTags(input);
  if (wanted.some(([key, value]) => key === "FifoQueue" && value.toLowerCase() === "true")) {
    throw fifoUnsupported(name);
  }
  const checked = checkAttributes(wanted);
  const present = queues.find(name);
  if (present === undefined) {
    context.cooldowns.checkCreate(name, nowMs);
    checkTarget(checked, queues.arn(name), context);
    queues.create(name, withAttributes(new Map(), checked), nowMs);
  } else {
    for (const [key, value] of checked) {
      if ((attributeValue(present.attributes, key) ?? "") === value) continue;
      throw new SqsError(
        "QueueAlreadyExists",
        `A queue already exists with the same name and a different value for attribute ${key}`,
      );
    }
  }
  return { QueueUrl: queues.url(name, context.baseUrl) };
};

import { noSuchQueue, type Action } from "../action.ts";
import { optionalString, requiredString } from "../input.ts";

export const getQueueUrl: Action = (input, { queues, baseUrl }) => {
  const name = requiredString(input, "QueueName");
  const owner = optionalString(input, "QueueOwnerAWSAccountId") || queues.accountId;
  if (owner !== queues.accountId || queues.find(name) === undefined) throw noSuchQueue();
  return { QueueUrl: queues.url(name, baseUrl) };
};

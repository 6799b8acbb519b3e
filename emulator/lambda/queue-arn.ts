export interface QueueArnParts {
  readonly region: string;
  readonly accountId: string;
  readonly queueName: string;
}

/** Answers undefined when `arn` is not `arn:<partition>:sqs:<region>:<account>:<queue>`. */
export function parseQueueArn(arn: string): QueueArnParts | undefined {
  const found = /^arn:[a-z-]+:sqs:([^:]+):([^:]+):([A-Za-z0-9_.-]+)$/.exec(arn);
  if (found === null) return undefined;
  return { region: found[1]!, accountId: found[2]!, queueName: found[3]! };
}

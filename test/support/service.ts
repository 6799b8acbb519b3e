import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const FILE = join(import.meta.dirname, "../../serverless.yml");

/** CloudFormation's short forms become what they stand for. */
const customTags = ["Ref", "GetAtt", "Sub"].map((name) => ({
  tag: `!${name}`,
  resolve: (value: string) => ({ [name]: value }),
}));

interface Service {
  readonly custom: {
    readonly httpTimeoutSeconds: number;
    readonly worker: {
      readonly timeoutSeconds: number;
      readonly batchSize: number;
      readonly maximumConcurrency: number;
    };
    readonly queue: {
      readonly visibilityTimeoutSeconds: number;
      readonly maxReceiveCount: number;
      readonly retentionSeconds: number;
      readonly deadLetterRetentionSeconds: number;
    };
  };
  readonly params: { readonly default: { readonly delaySeconds: number } };
  readonly functions: Readonly<Record<string, { readonly handler: string }>>;
}

/** serverless.yml as it is written: its numbers are what the tests count with. */
export const service = parse(readFileSync(FILE, "utf8"), { customTags, merge: true }) as Service;

export const QUEUE = "verify-email";
export const DEAD_LETTER_QUEUE = "verify-email-dead-letters";

/** The two queues with the attributes that serverless.yml gives them, for an emulator. */
export function queueDefinitions(): Record<string, Record<string, string>> {
  const { queue } = service.custom;
  return {
    [DEAD_LETTER_QUEUE]: { MessageRetentionPeriod: String(queue.deadLetterRetentionSeconds) },
    [QUEUE]: {
      VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
      MessageRetentionPeriod: String(queue.retentionSeconds),
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:${DEAD_LETTER_QUEUE}`,
        maxReceiveCount: queue.maxReceiveCount,
      }),
    },
  };
}

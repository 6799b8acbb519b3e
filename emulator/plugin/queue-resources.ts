import { PluginError } from "./plugin-error.ts";
import type { CloudResource } from "./serverless.ts";
import { resolveTemplate, type TemplateValues } from "./template.ts";

/** An AWS::SQS::Queue of the service. */
export interface QueueResource {
  readonly logicalId: string;
  readonly name: string;
  readonly isFifo: boolean;
  readonly properties: Readonly<Record<string, unknown>>;
}

const LONGEST_NAME = 80;

/** Properties of AWS::SQS::Queue that are queue attributes too (CloudFormation reference). */
const ATTRIBUTES = new Set([
  "ContentBasedDeduplication",
  "DeduplicationScope",
  "DelaySeconds",
  "FifoThroughputLimit",
  "KmsDataKeyReusePeriodSeconds",
  "KmsMasterKeyId",
  "MaximumMessageSize",
  "MessageRetentionPeriod",
  "ReceiveMessageWaitTimeSeconds",
  "RedriveAllowPolicy",
  "RedrivePolicy",
  "SqsManagedSseEnabled",
  "VisibilityTimeout",
]);
/** Of these the first two are fixed when the queue is created. */
const OTHER_PROPERTIES = new Set(["QueueName", "FifoQueue", "Tags"]);

/**
 * A queue without `QueueName` gets a name made from the stack's and the logical id, as on AWS but
 * without the random end, so that it is found again after a restart. Throws PluginError.
 */
export function readQueueResources(
  resources: Readonly<Record<string, CloudResource>>,
  values: TemplateValues,
): QueueResource[] {
  return Object.entries(resources)
    .filter(([, resource]) => resource.Type === "AWS::SQS::Queue")
    .map(([logicalId, { Properties: properties = {} }]) => {
      for (const name of Object.keys(properties)) {
        if (ATTRIBUTES.has(name) || OTHER_PROPERTIES.has(name)) continue;
        throw new PluginError(
          "INVALID_RESOURCE",
          `Expected the properties of the queue \`${logicalId}\` to be those of AWS::SQS::Queue, got \`${name}\`.`,
        );
      }
      const isFifo = String(properties["FifoQueue"]) === "true";
      const name = resolveTemplate(properties["QueueName"], values);
      return {
        logicalId,
        name: typeof name === "string" ? name : madeName(values.stackName, logicalId, isFifo),
        isFifo,
        properties,
      };
    });
}

/** The queue's attributes as SetQueueAttributes takes them: every value is text, and policies are JSON. */
export function queueAttributes(
  queue: QueueResource,
  values: TemplateValues,
): Record<string, string> {
  const attributes = Object.entries(queue.properties)
    .filter(([name]) => ATTRIBUTES.has(name))
    .map(([name, value]) => {
      const resolved = resolveTemplate(value, values);
      return [name, typeof resolved === "object" ? JSON.stringify(resolved) : String(resolved)];
    });
  return Object.fromEntries(attributes) as Record<string, string>;
}

function madeName(stackName: string, logicalId: string, isFifo: boolean): string {
  const end = isFifo ? ".fifo" : "";
  return `${stackName}-${logicalId}`.slice(0, LONGEST_NAME - end.length) + end;
}

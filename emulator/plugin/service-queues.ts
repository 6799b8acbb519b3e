import { PluginError } from "./plugin-error.ts";
import { queueAttributes, readQueueResources } from "./queue-resources.ts";
import type { QueueService } from "./queue-service.ts";
import type { CloudResource } from "./serverless.ts";
import type { QueueAddress, TemplateValues } from "./template.ts";

const LOCAL_ACCOUNT_ID = "000000000000";

export interface Stack {
  readonly region: string;
  readonly name: string;
  readonly resources: Readonly<Record<string, CloudResource>>;
}

/**
 * Creates the stack's queues and answers the values that its templates may name. Attributes come
 * when all queues are there, since redrive policies name each other's ARNs; those without a redrive
 * policy come first, since a dead-letter queue's permission is checked when its source names it.
 */
export async function createServiceQueues(
  stack: Stack,
  service: QueueService,
): Promise<TemplateValues> {
  const names = {
    region: stack.region,
    accountId: LOCAL_ACCOUNT_ID,
    stackName: stack.name,
    queues: new Map<string, QueueAddress>(),
  };
  const resources = readQueueResources(stack.resources, names);
  const queues = new Map<string, QueueAddress>();
  for (const { logicalId, name, isFifo } of resources) {
    queues.set(logicalId, await named(logicalId, () => service.createQueue(name, isFifo)));
  }
  const values = { ...names, queues };
  const isSource = ({ properties }: (typeof resources)[number]) => "RedrivePolicy" in properties;
  for (const resource of [
    ...resources.filter((each) => !isSource(each)),
    ...resources.filter(isSource),
  ]) {
    await named(resource.logicalId, async () => {
      const attributes = queueAttributes(resource, values);
      if (Object.keys(attributes).length === 0) return;
      await service.setAttributes(queues.get(resource.logicalId)!, attributes);
    });
  }
  return values;
}

async function named<T>(logicalId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PluginError("INVALID_RESOURCE", `The queue \`${logicalId}\`: ${reason}`, { cause });
  }
}

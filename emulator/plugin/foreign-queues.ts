import { createSystemClock } from "../clock/system.ts";
import type { QueueEvent } from "../events.ts";
import { createSdkSource } from "../lambda/sdk-source.ts";
import { createSdkClient, loadSdk } from "../lambda/sdk.ts";
import type { QueueService } from "./queue-service.ts";

/** Queues at any SQS endpoint, such as LocalStack or ElasticMQ, through the AWS SDK. */
export async function connectForeignQueues(
  endpoint: string,
  region: string,
): Promise<QueueService> {
  const sdk = await loadSdk();
  const client = await createSdkClient(endpoint, region);
  const clock = createSystemClock();
  const listeners: ((event: QueueEvent) => void)[] = [];

  // Such endpoints name hosts in their queue URLs that need not resolve; the path is what counts.
  const reachable = (queueUrl: string) => endpoint + new URL(queueUrl).pathname;

  async function findUrl(name: string): Promise<string | undefined> {
    try {
      const found = await client.send(new sdk.GetQueueUrlCommand({ QueueName: name }));
      return reachable(found.QueueUrl!);
    } catch (error) {
      if (error instanceof sdk.QueueDoesNotExist) return undefined;
      throw error;
    }
  }

  async function readAttribute(
    url: string,
    name: "QueueArn" | "VisibilityTimeout",
  ): Promise<string> {
    const command = new sdk.GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [name] });
    return (await client.send(command)).Attributes![name]!;
  }

  return {
    endpoint,
    description: `Queues at ${endpoint} (not the embedded emulator).`,
    clock,
    async createQueue(name, isFifo) {
      const attributes = isFifo ? { Attributes: { FifoQueue: "true" } } : {};
      const created = await client.send(
        new sdk.CreateQueueCommand({ QueueName: name, ...attributes }),
      );
      const url = reachable(created.QueueUrl!);
      return { name, url, arn: await readAttribute(url, "QueueArn") };
    },
    async setAttributes(queue, attributes) {
      await client.send(
        new sdk.SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: attributes }),
      );
    },
    async visibilityTimeoutSeconds(queueName) {
      const url = await findUrl(queueName);
      return url === undefined ? undefined : Number(await readAttribute(url, "VisibilityTimeout"));
    },
    async messageSource(queueName) {
      return createSdkSource(client, (await findUrl(queueName))!, clock);
    },
    subscribe: (listener) => void listeners.push(listener),
    publish: (event) => listeners.forEach((listener) => listener(event)),
    async close() {
      client.destroy();
      clock.stop();
    },
  };
}

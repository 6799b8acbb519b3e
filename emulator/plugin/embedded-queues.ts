import type { SkippableClock } from "../clock/skippable.ts";
import { KINDER_THAN_AWS, startEmulator } from "../index.ts";
import { SqsError, type SqsErrorCode } from "../sqs/errors.ts";
import type { PluginOptions } from "./options.ts";
import type { QueueService } from "./queue-service.ts";

const NO_SUCH_QUEUE: SqsErrorCode = "AWS.SimpleQueueService.NonExistentQueue";

/** Queues in the emulator in this process. It runs on `clock`, which is stopped with it. */
export async function startEmbeddedQueues(
  options: PluginOptions,
  region: string,
  clock: SkippableClock,
): Promise<QueueService> {
  const { host, port, dataDirectory } = options;
  const emulator = await startEmulator({
    clock,
    host,
    port,
    region,
    ...(dataDirectory === undefined ? {} : { dataDirectory }),
  });
  return {
    endpoint: emulator.url,
    description: `Queues at ${emulator.url}. ${KINDER_THAN_AWS}`,
    clock,
    async createQueue(name, isFifo) {
      const attributes = isFifo ? { Attributes: { FifoQueue: "true" } } : {};
      await emulator.perform("CreateQueue", { QueueName: name, ...attributes });
      return { name, url: emulator.queueUrl(name), arn: emulator.queueArn(name) };
    },
    async setAttributes(queue, attributes) {
      await emulator.perform("SetQueueAttributes", {
        QueueUrl: queue.url,
        Attributes: attributes,
      });
    },
    async visibilityTimeoutSeconds(queueName) {
      try {
        const { Attributes } = await emulator.perform("GetQueueAttributes", {
          QueueUrl: emulator.queueUrl(queueName),
          AttributeNames: ["VisibilityTimeout"],
        });
        return Number((Attributes as Record<string, string>)["VisibilityTimeout"]);
      } catch (error) {
        if (error instanceof SqsError && error.code === NO_SUCH_QUEUE) return undefined;
        throw error;
      }
    },
    messageSource: async (queueName) => emulator.messageSource(queueName),
    subscribe: (listener) => void emulator.subscribe(listener),
    publish: (event) => emulator.publish(event),
    async close() {
      await emulator.close();
      clock.stop();
    },
  };
}

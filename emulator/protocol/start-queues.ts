import { SqsError } from "../sqs/errors.ts";
import { EmulatorError } from "./emulator-error.ts";
import type { RunningEngine } from "./running-engine.ts";

type Attributes = Readonly<Record<string, string>>;

/**
 * Creates the queues of the options. Redrive policies come last, when all queues are there.
 *
 * @throws EmulatorError `INVALID_OPTION` that names the queue
 */
export async function startQueues(
  engine: RunningEngine,
  queues: Readonly<Record<string, Attributes>>,
  baseUrl: string,
  queueUrl: (name: string) => string,
): Promise<void> {
  const perform = async (name: string, action: string, input: Record<string, unknown>) => {
    try {
      await engine.perform(action, input, { baseUrl });
    } catch (cause) {
      if (!(cause instanceof SqsError)) throw cause;
      const message = `Expected \`queues["${name}"]\` to be a queue that SQS takes: ${cause.message}`;
      throw new EmulatorError("INVALID_OPTION", message, { cause });
    }
  };
  const policies = new Map<string, Attributes>();
  for (const [name, { RedrivePolicy, ...attributes }] of Object.entries(queues)) {
    if (engine.hasQueue(name)) {
      // The type of a queue is fixed; naming it again is only right at its creation.
      const { FifoQueue: _, ...settable } = attributes;
      // SetQueueAttributes refuses to set nothing.
      if (Object.keys(settable).length > 0) {
        const input = { QueueUrl: queueUrl(name), Attributes: settable };
        await perform(name, "SetQueueAttributes", input);
      }
    } else {
      await perform(name, "CreateQueue", { QueueName: name, Attributes: attributes });
    }
    if (RedrivePolicy !== undefined) policies.set(name, { RedrivePolicy });
  }
  for (const [name, policy] of policies) {
    await perform(name, "SetQueueAttributes", { QueueUrl: queueUrl(name), Attributes: policy });
  }
}

import type { Clock } from "../clock/clock.ts";
import type { InvocationEvent, QueueEvent } from "../events.ts";
import type { MessageSource } from "../lambda/source.ts";
import type { QueueAddress } from "./template.ts";

/** Where the service's queues are: in the embedded emulator or at another endpoint. */
export interface QueueService {
  /** For AWS_ENDPOINT_URL_SQS. */
  readonly endpoint: string;
  /** One line that says what this is. */
  readonly description: string;
  readonly clock: Clock;
  /** Creates a queue, or finds the one of that name. */
  createQueue(name: string, isFifo: boolean): Promise<QueueAddress>;
  setAttributes(queue: QueueAddress, attributes: Record<string, string>): Promise<void>;
  /** Undefined when there is no such queue. */
  visibilityTimeoutSeconds(queueName: string): Promise<number | undefined>;
  messageSource(queueName: string): Promise<MessageSource>;
  subscribe(listener: (event: QueueEvent) => void): void;
  publish(event: InvocationEvent): void;
  close(): Promise<void>;
}

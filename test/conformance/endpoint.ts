import { randomUUID } from "node:crypto";
import { setTimeout as realWait } from "node:timers/promises";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  type Message,
  type ReceiveMessageCommandInput,
  type SendMessageCommandInput,
} from "@aws-sdk/client-sqs";
import { vi } from "vitest";
import { startEmulator, VirtualClock } from "../../emulator/index.ts";

/** Another SQS to run these tests against: AWS itself, LocalStack, ElasticMQ. */
const FOREIGN_ENDPOINT = process.env["SQS_ENDPOINT"];
const FOREIGN_CREDENTIALS = process.env["AWS_ACCESS_KEY_ID"];
/** So that what is due after the wait really is, in spite of two clocks. */
const REAL_WAIT_SLACK_MS = 150;

interface Time {
  pass(seconds: number): Promise<void>;
  untilReceiveWaits(): Promise<void>;
  close(): Promise<void>;
}

/** An SQS endpoint with short forms for what every test does. */
export class Endpoint {
  readonly sqs: SQSClient;
  readonly #time: Time;
  readonly #queueUrls: string[] = [];

  constructor(sqs: SQSClient, time: Time) {
    this.sqs = sqs;
    this.#time = time;
  }

  /** The endpoint that the environment names, or else an emulator of its own. */
  static async open(): Promise<Endpoint> {
    if (FOREIGN_ENDPOINT !== undefined) {
      return new Endpoint(createClient(FOREIGN_ENDPOINT), realTime);
    }
    const clock = new VirtualClock();
    const emulator = await startEmulator({ clock, cooldowns: true });
    return new Endpoint(createClient(emulator.url), {
      pass: (seconds) => clock.advance(seconds * 1000),
      untilReceiveWaits: () =>
        vi.waitUntil(() => emulator.waitingReceives > 0, { interval: 1, timeout: 5_000 }).then(),
      close: () => emulator.close(),
    });
  }

  /** Creates a queue under a name of its own and answers its URL. */
  async createQueue(attributes: Record<string, string> = {}, name = newName()): Promise<string> {
    const command = new CreateQueueCommand({ QueueName: name, Attributes: attributes });
    const { QueueUrl } = await this.sqs.send(command);
    this.#queueUrls.push(QueueUrl!);
    return QueueUrl!;
  }

  async attributes(queueUrl: string): Promise<Record<string, string>> {
    const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["All"] });
    return (await this.sqs.send(command)).Attributes ?? {};
  }

  /** How many messages are ready, in flight and delayed. */
  async counts(queueUrl: string): Promise<[ready: number, inFlight: number, delayed: number]> {
    const attributes = await this.attributes(queueUrl);
    return [
      Number(attributes["ApproximateNumberOfMessages"]),
      Number(attributes["ApproximateNumberOfMessagesNotVisible"]),
      Number(attributes["ApproximateNumberOfMessagesDelayed"]),
    ];
  }

  send(queueUrl: string, body: string, more: Partial<SendMessageCommandInput> = {}) {
    const input = { QueueUrl: queueUrl, MessageBody: body, ...more };
    return this.sqs.send(new SendMessageCommand(input));
  }

  /** Asks for all system attributes; short polling unless told. */
  async receive(
    queueUrl: string,
    more: Partial<ReceiveMessageCommandInput> = {},
  ): Promise<Message[]> {
    const input = { QueueUrl: queueUrl, MessageSystemAttributeNames: ["All" as const], ...more };
    return (await this.sqs.send(new ReceiveMessageCommand(input))).Messages ?? [];
  }

  /** Receives exactly one message, or throws. */
  async receiveOne(
    queueUrl: string,
    more: Partial<ReceiveMessageCommandInput> = {},
  ): Promise<Message> {
    const [message] = await this.receive(queueUrl, more);
    if (message === undefined) throw new Error("Expected a message, but none was received.");
    return message;
  }

  /** Lets time go by: on the emulator's clock, or really. */
  pass(seconds: number): Promise<void> {
    return this.#time.pass(seconds);
  }

  /** Settles when a receive that was sent before has begun to wait. */
  untilReceiveWaits(): Promise<void> {
    return this.#time.untilReceiveWaits();
  }

  async close(): Promise<void> {
    if (FOREIGN_ENDPOINT !== undefined) {
      const deletions = this.#queueUrls.map((QueueUrl) =>
        this.sqs.send(new DeleteQueueCommand({ QueueUrl })),
      );
      await Promise.allSettled(deletions);
    }
    this.sqs.destroy();
    await this.#time.close();
  }
}

export function newName(): string {
  return `conformance-${randomUUID()}`;
}

export function bodies(messages: readonly Message[]): (string | undefined)[] {
  return messages.map((message) => message.Body);
}

const realTime: Time = {
  pass: (seconds) => realWait(seconds * 1000 + REAL_WAIT_SLACK_MS),
  untilReceiveWaits: () => realWait(REAL_WAIT_SLACK_MS),
  close: async () => {},
};

function createClient(endpoint: string): SQSClient {
  return new SQSClient({
    endpoint,
    region: process.env["AWS_REGION"] ?? "us-east-1",
    maxAttempts: 1,
    ...(FOREIGN_CREDENTIALS === undefined && {
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    }),
  });
}

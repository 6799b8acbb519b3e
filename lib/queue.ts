import {
  SendMessageCommand,
  SQSClient,
  type MessageAttributeValue,
  type SQSClientConfig,
} from "@aws-sdk/client-sqs";
import type { Clock } from "./clock.ts";
import { AppError } from "./errors.ts";

/** A send happens inside a transaction, so at worst it takes 3 x 2 s and the pauses between. */
const ATTEMPT_TIMEOUT_MS = 2_000;
const PAUSES_MS = [100, 400];

export interface OutgoingMessage {
  readonly queueUrl: string;
  readonly body: string;
  /** 0 to 900; without it the queue's own delay applies. */
  readonly delaySeconds?: number;
  readonly attributes?: Record<string, MessageAttributeValue>;
  /** An X-Ray trace header, so that the consumer's trace continues the producer's. */
  readonly traceHeader?: string | undefined;
}

export interface Queue {
  /** Answers the message id. Throws `queue_unavailable` when SQS has not said that it took it. */
  send(message: OutgoingMessage): Promise<string>;
}

/**
 * The SDK sends to the origin of the queue's URL, so a local queue needs no other setting.
 * It does not retry by itself: its timers would not follow the program's clock.
 */
export function createSqsClient(config: SQSClientConfig = {}): SQSClient {
  return new SQSClient({ maxAttempts: 1, ...config });
}

/** `attemptTimeoutMs`: from the connection to the last byte of the answer, in real time. */
export function createQueue(
  client: SQSClient,
  clock: Clock,
  attemptTimeoutMs = ATTEMPT_TIMEOUT_MS,
): Queue {
  const attempt = async (message: OutgoingMessage): Promise<string> => {
    // The client's own timeouts end when the answer begins; one that then stalls would never end.
    const abortSignal = AbortSignal.timeout(attemptTimeoutMs);
    const answer = await client.send(sendCommand(message), { abortSignal });
    return answer.MessageId!;
  };
  return {
    async send(message) {
      for (const pauseMs of PAUSES_MS) {
        try {
          return await attempt(message);
        } catch (error) {
          if (isRefusal(error)) throw unavailable(error);
          await clock.sleep(pauseMs);
        }
      }
      try {
        return await attempt(message);
      } catch (error) {
        throw unavailable(error);
      }
    },
  };
}

/** True when SQS understood the request and refused it; the same request fares no better later. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || !("$fault" in error) || error.$fault !== "client") return false;
  return !("$retryable" in error && error.$retryable !== undefined) && !/throttl/i.test(error.name);
}

function unavailable(cause: unknown): AppError {
  return new AppError("queue_unavailable", { cause });
}

function sendCommand(message: OutgoingMessage): SendMessageCommand {
  const { delaySeconds, attributes, traceHeader } = message;
  return new SendMessageCommand({
    QueueUrl: message.queueUrl,
    MessageBody: message.body,
    ...(delaySeconds !== undefined && { DelaySeconds: delaySeconds }),
    ...(attributes !== undefined && { MessageAttributes: attributes }),
    ...(traceHeader !== undefined && {
      MessageSystemAttributes: {
        AWSTraceHeader: { DataType: "String", StringValue: traceHeader },
      },
    }),
  });
}

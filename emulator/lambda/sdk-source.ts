import type { Message, SQSClient } from "@aws-sdk/client-sqs";
import type { Clock } from "../clock/clock.ts";
import { loadSdk } from "./sdk.ts";
import type { MessageSource, ReceivedMessages, WireMessage } from "./source.ts";

/** AWS's longest long poll, which is also what Lambda's own pollers use. */
const LONG_POLL_SECONDS = 20;

/** Receives from and deletes in a queue of any SQS endpoint, by long polls. */
export async function createSdkSource(
  client: SQSClient,
  queueUrl: string,
  clock: Clock,
): Promise<MessageSource> {
  const { ReceiveMessageCommand, DeleteMessageBatchCommand } = await loadSdk();
  return {
    async receive(max: number, signal: AbortSignal): Promise<ReceivedMessages> {
      for (;;) {
        const command = new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: max,
          WaitTimeSeconds: LONG_POLL_SECONDS,
          MessageSystemAttributeNames: ["All"],
          MessageAttributeNames: ["All"],
        });
        const { Messages = [] } = await client.send(command, { abortSignal: signal });
        if (Messages.length > 0) {
          return { messages: Messages.map(toWireMessage), release: clock.busy() };
        }
        signal.throwIfAborted();
      }
    },
    async remove(entries) {
      const command = new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: [...entries] });
      return (await client.send(command)).Failed ?? [];
    },
  };
}

/** The SDK types every member as optional; SQS always answers these. */
function toWireMessage(message: Message): WireMessage {
  return {
    MessageId: message.MessageId!,
    ReceiptHandle: message.ReceiptHandle!,
    Body: message.Body!,
    MD5OfBody: message.MD5OfBody!,
    MD5OfMessageAttributes: message.MD5OfMessageAttributes,
    Attributes: message.Attributes ?? {},
    MessageAttributes: message.MessageAttributes,
  };
}

import { findQueue, type ActionContext } from "../action.ts";
import { READABLE_ATTRIBUTES, unknownAttribute } from "../attributes.ts";
import { stringList, type Input } from "../input.ts";
import { optionalInRange, optionalVisibilityTimeout } from "../limits.ts";
import { md5OfAttributes } from "../md5.ts";
import { readAttributeFilter } from "../message-attributes.ts";
import type { AttributeValue, Message } from "../message.ts";
import type { Queue } from "../queue.ts";
import { issueReceiptHandle } from "../receipt.ts";

/** AWS shows the sender's IAM user id; an emulator has one sender. */
const SENDER_ID = "AIDALOCALEMULATOR0000";
const MAX_MESSAGES = 10;
const MAX_WAIT_SECONDS = 20;

/** A received message in the form of the wire. */
export type ReceivedMessage = {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly MD5OfBody: string;
  readonly Body: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MD5OfMessageAttributes?: string;
  readonly MessageAttributes?: Readonly<Record<string, AttributeValue>>;
};

/** The output of ReceiveMessage: without messages it is `{}`. */
export type ReceiveOutput = { readonly Messages?: readonly ReceivedMessage[] };

/** A checked ReceiveMessage. */
export interface ReceiveRequest {
  readonly queue: Queue;
  readonly maxMessages: number;
  /** Undefined: the queue's own, as it is when a message is received. */
  readonly visibilityTimeoutSeconds: number | undefined;
  readonly waitSeconds: number;
  readonly wantsSystemAttribute: (name: string) => boolean;
  readonly wantsAttribute: (name: string) => boolean;
}

const SYSTEM_ATTRIBUTES: ReadonlySet<string> = new Set([
  "All",
  "SenderId",
  "SentTimestamp",
  "ApproximateReceiveCount",
  "ApproximateFirstReceiveTimestamp",
  "SequenceNumber",
  "MessageDeduplicationId",
  "MessageGroupId",
  "AWSTraceHeader",
  "DeadLetterQueueSourceArn",
]);

export function readReceiveRequest(input: Input, context: ActionContext): ReceiveRequest {
  const queue = findQueue(input, context);
  const most = `Must be between 1 and ${MAX_MESSAGES}, if provided.`;
  const longest = `Must be >= 0 and <= ${MAX_WAIT_SECONDS}, if provided.`;
  const waitSeconds = optionalInRange(input, "WaitTimeSeconds", 0, MAX_WAIT_SECONDS, longest);
  return {
    queue,
    maxMessages: optionalInRange(input, "MaxNumberOfMessages", 1, MAX_MESSAGES, most) ?? 1,
    visibilityTimeoutSeconds: optionalVisibilityTimeout(input),
    waitSeconds: waitSeconds ?? queue.settings.receiveWaitSeconds,
    wantsSystemAttribute: readSystemFilter(input),
    wantsAttribute: readAttributeFilter(input),
  };
}

/** The messages were just received: the handles are those of this receive. */
export function describeReceived(
  messages: readonly Message[],
  request: ReceiveRequest,
): ReceiveOutput {
  return { Messages: messages.map((message) => describeMessage(message, request)) };
}

function describeMessage(message: Message, request: ReceiveRequest): ReceivedMessage {
  const { messageId, receiptId } = message;
  const system = systemAttributes(message).filter(([name]) => request.wantsSystemAttribute(name));
  const attributes = message.attributes.filter(([name]) => request.wantsAttribute(name));
  return {
    MessageId: messageId,
    ReceiptHandle: issueReceiptHandle(request.queue.arn, { messageId, receiptId: receiptId! }),
    MD5OfBody: message.md5OfBody,
    Body: message.body,
    ...(system.length > 0 && { Attributes: Object.fromEntries(system) }),
    ...(attributes.length > 0 && {
      MD5OfMessageAttributes: md5OfAttributes(attributes),
      MessageAttributes: Object.fromEntries(attributes),
    }),
  };
}

function systemAttributes(message: Message): [string, string][] {
  const { traceHeader, messageGroupId, deadLetterSourceArn } = message;
  return [
    ["SenderId", SENDER_ID],
    ["ApproximateFirstReceiveTimestamp", String(message.firstReceivedAtMs)],
    ["ApproximateReceiveCount", String(message.receiveCount)],
    ["SentTimestamp", String(message.sentAtMs)],
    ...optional("AWSTraceHeader", traceHeader),
    ...optional("MessageGroupId", messageGroupId),
    ...optional("DeadLetterQueueSourceArn", deadLetterSourceArn),
  ];
}

function optional(name: string, value: string | undefined): [string, string][] {
  return value === undefined ? [] : [[name, value]];
}

/** The old member `AttributeNames` may also name attributes of queues, which mean nothing here. */
function readSystemFilter(input: Input): (name: string) => boolean {
  const names = new Set(stringList(input, "MessageSystemAttributeNames"));
  for (const name of names) if (!SYSTEM_ATTRIBUTES.has(name)) throw unknownAttribute(name);
  for (const name of stringList(input, "AttributeNames")) {
    if (!SYSTEM_ATTRIBUTES.has(name) && !READABLE_ATTRIBUTES.has(name))
      throw unknownAttribute(name);
    names.add(name);
  }
  return names.has("All") ? () => true : (name) => names.has(name);
}

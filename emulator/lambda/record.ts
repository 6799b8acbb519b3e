import type { WireAttributeValue, WireMessage } from "./source.ts";

export interface SqsRecordAttribute {
  readonly stringValue?: string;
  /** Base64. */
  readonly binaryValue?: string;
  readonly stringListValues: readonly never[];
  readonly binaryListValues: readonly never[];
  readonly dataType: string;
}

/** One message in the event of an SQS-triggered function. */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, SqsRecordAttribute>>;
  readonly md5OfMessageAttributes?: string;
  readonly md5OfBody: string;
  readonly eventSource: "aws:sqs";
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

export interface SqsEvent {
  readonly Records: readonly SqsRecord[];
}

/** System attributes in the order in which AWS writes them; any others follow. */
const ATTRIBUTE_ORDER = [
  "ApproximateReceiveCount",
  "AWSTraceHeader",
  "SentTimestamp",
  "SequenceNumber",
  "MessageGroupId",
  "SenderId",
  "MessageDeduplicationId",
  "ApproximateFirstReceiveTimestamp",
];

/**
 * The record that Lambda makes of a message, member for member and in AWS's order. System
 * attributes keep their names and are strings; of user attributes the members become camelCase and
 * the unused lists are there but empty. Without a batching window, a message that has no user
 * attributes has no `md5OfMessageAttributes` at all (with a window AWS writes null).
 */
export function toRecord(message: WireMessage, eventSourceArn: string, region: string): SqsRecord {
  const digest = message.MD5OfMessageAttributes;
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: inOrder(message.Attributes),
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
        name,
        toRecordAttribute(value),
      ]),
    ),
    ...(digest === undefined ? {} : { md5OfMessageAttributes: digest }),
    md5OfBody: message.MD5OfBody,
    eventSource: "aws:sqs",
    eventSourceARN: eventSourceArn,
    awsRegion: region,
  };
}

function inOrder(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const ordered = ATTRIBUTE_ORDER.filter((name) => name in attributes);
  const others = Object.keys(attributes).filter((name) => !ATTRIBUTE_ORDER.includes(name));
  return Object.fromEntries([...ordered, ...others].map((name) => [name, attributes[name]!]));
}

function toRecordAttribute(value: WireAttributeValue): SqsRecordAttribute {
  return {
    ...(value.StringValue === undefined ? {} : { stringValue: value.StringValue }),
    ...(value.BinaryValue === undefined ? {} : { binaryValue: toBase64(value.BinaryValue) }),
    stringListValues: [],
    binaryListValues: [],
    dataType: value.DataType ?? "String",
  };
}

function toBase64(value: string | Uint8Array): string {
  return typeof value === "string" ? value : Buffer.from(value).toString("base64");
}

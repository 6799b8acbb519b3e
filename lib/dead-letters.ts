import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import type { SQSMessageAttributes, SQSRecord } from "aws-lambda";
import type { AppError } from "./errors.ts";
import type { Queue } from "./queue.ts";

/** SQS takes at most ten message attributes; two of them say why the message is here. */
const MOST_ORIGINAL_ATTRIBUTES = 8;

export interface DeadLetters {
  /**
   * Sends the record's body and attributes to the dead-letter queue, with the reason in the
   * attribute `DeadLetterReason`. SQS has no way to skip the remaining tries of a message, so the
   * caller reports the record as done afterwards.
   */
  park(record: SQSRecord, reason: AppError): Promise<void>;
}

export function createDeadLetters(queue: Queue, queueUrl: string): DeadLetters {
  return {
    async park(record, reason) {
      await queue.send({
        queueUrl,
        body: record.body,
        attributes: {
          ...originalAttributes(record.messageAttributes),
          DeadLetterReason: text(`${reason.code}: ${reason.message}`),
          OriginalMessageId: text(record.messageId),
        },
        traceHeader: record.attributes.AWSTraceHeader,
      });
    },
  };
}

function originalAttributes(
  attributes: SQSMessageAttributes,
): Record<string, MessageAttributeValue> {
  const kept = Object.entries(attributes).slice(0, MOST_ORIGINAL_ATTRIBUTES);
  return Object.fromEntries(
    kept.map(([name, { dataType, stringValue, binaryValue }]) => [
      name,
      {
        DataType: dataType,
        ...(stringValue !== undefined && { StringValue: stringValue }),
        // An event carries bytes as base64.
        ...(binaryValue !== undefined && { BinaryValue: Buffer.from(binaryValue, "base64") }),
      },
    ]),
  );
}

function text(value: string): MessageAttributeValue {
  return { DataType: "String", StringValue: value };
}

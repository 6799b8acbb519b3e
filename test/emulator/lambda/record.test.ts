import { expect, test } from "vitest";
import { toRecord } from "../../../emulator/lambda/record.ts";
import type { WireMessage } from "../../../emulator/lambda/source.ts";
import { ARN } from "./given.ts";

const MESSAGE: WireMessage = {
  MessageId: "059f36b4-87a3-44ab-83d2-661975830a7d",
  ReceiptHandle: "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
  Body: '{"user":1}',
  MD5OfBody: "e4e68fb7bd0e697a0ae8f1bb342846b3",
  Attributes: {
    SenderId: "AIDAIENQZJOLO23YVJ4VO",
    ApproximateFirstReceiveTimestamp: "1545082649185",
    ApproximateReceiveCount: "1",
    SentTimestamp: "1545082649183",
  },
};

test("a record has Lambda's members in Lambda's order", () => {
  const withAttributes = {
    ...MESSAGE,
    MD5OfMessageAttributes: "d25a6aea97eb8f585bfa92d314504a92",
    MessageAttributes: { Title: { DataType: "String", StringValue: "The Whistler" } },
  };
  expect(JSON.stringify(toRecord(withAttributes, ARN, "eu-west-1"))).toBe(
    JSON.stringify({
      messageId: "059f36b4-87a3-44ab-83d2-661975830a7d",
      receiptHandle: "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
      body: '{"user":1}',
      attributes: {
        ApproximateReceiveCount: "1",
        SentTimestamp: "1545082649183",
        SenderId: "AIDAIENQZJOLO23YVJ4VO",
        ApproximateFirstReceiveTimestamp: "1545082649185",
      },
      messageAttributes: {
        Title: {
          stringValue: "The Whistler",
          stringListValues: [],
          binaryListValues: [],
          dataType: "String",
        },
      },
      md5OfMessageAttributes: "d25a6aea97eb8f585bfa92d314504a92",
      md5OfBody: "e4e68fb7bd0e697a0ae8f1bb342846b3",
      eventSource: "aws:sqs",
      eventSourceARN: ARN,
      awsRegion: "eu-west-1",
    }),
  );
});

test("without user attributes the digest of attributes is absent and the attributes are empty", () => {
  const record = toRecord(MESSAGE, ARN, "eu-west-1");
  expect(record).not.toHaveProperty("md5OfMessageAttributes");
  expect(record.messageAttributes).toEqual({});
});

test.each([
  ["bytes, as an SDK gives them", Uint8Array.of(0, 255, 16)],
  ["base64, as the wire has it", "AP8Q"],
])("a binary attribute is base64 when it comes as %s", (_, BinaryValue) => {
  const MessageAttributes = { Stamp: { DataType: "Binary.png", BinaryValue } };
  expect(toRecord({ ...MESSAGE, MessageAttributes }, ARN, "eu-west-1").messageAttributes).toEqual({
    Stamp: {
      binaryValue: "AP8Q",
      stringListValues: [],
      binaryListValues: [],
      dataType: "Binary.png",
    },
  });
});

test("system attributes of FIFO queues, traces and dead-letter queues are passed on", () => {
  const Attributes = {
    ...MESSAGE.Attributes,
    AWSTraceHeader: "Root=1-5759e988-bd862e3fe1be46a994272793",
    DeadLetterQueueSourceArn: "arn:aws:sqs:eu-west-1:111122223333:source",
    MessageGroupId: "g1",
  };
  const record = toRecord({ ...MESSAGE, Attributes }, ARN, "eu-west-1");
  expect(record.attributes).toEqual(Attributes);
});

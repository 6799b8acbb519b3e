import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bodies, Endpoint } from "./endpoint.ts";

const MEBIBYTE = 1_048_576;

let endpoint: Endpoint;
beforeAll(async () => void (endpoint = await Endpoint.open()));
afterAll(() => endpoint.close());

function sendBatch(QueueUrl: string, Entries: SendMessageBatchRequestEntry[]) {
  return endpoint.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
}

function entries(count: number, body = "x"): SendMessageBatchRequestEntry[] {
  return Array.from({ length: count }, (_, at) => ({ Id: `id_${at}`, MessageBody: body }));
}

test("ten messages are sent in one batch, each with its own result", async () => {
  const queue = await endpoint.createQueue();
  const { Successful, Failed } = await sendBatch(queue, entries(10));
  expect(Failed).toBeUndefined();
  expect(Successful!.map((result) => result.Id)).toEqual(entries(10).map((entry) => entry.Id));
  expect(new Set(Successful!.map((result) => result.MessageId)).size).toBe(10);
  expect(await endpoint.receive(queue, { MaxNumberOfMessages: 10 })).toHaveLength(10);
});

test("an empty batch is refused", async () => {
  const queue = await endpoint.createQueue();
  await expect(sendBatch(queue, [])).rejects.toMatchObject({
    Code: "AWS.SimpleQueueService.EmptyBatchRequest",
    message: "There should be at least one SendMessageBatchRequestEntry in the request.",
  });
});

test("a batch of eleven is refused as a whole", async () => {
  const queue = await endpoint.createQueue();
  await expect(sendBatch(queue, entries(11))).rejects.toMatchObject({
    Code: "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
    message: "Maximum number of entries per request are 10. You have sent 11.",
  });
  expect(await endpoint.counts(queue)).toEqual([0, 0, 0]);
});

test("the ids of a batch must differ; the first that repeats is named", async () => {
  const queue = await endpoint.createQueue();
  const repeated = [...entries(3), ...entries(3).slice(1)];
  await expect(sendBatch(queue, repeated)).rejects.toMatchObject({
    Code: "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
    message: "Id id_1 repeated.",
  });
});

test("an id is of letters, digits, hyphens and underscores, 80 at most", async () => {
  const queue = await endpoint.createQueue();
  await sendBatch(queue, [{ Id: `a-Z_9${"x".repeat(75)}`, MessageBody: "x" }]);
  for (const Id of ["", "a.b", "a b", "x".repeat(81)]) {
    await expect(sendBatch(queue, [{ Id, MessageBody: "x" }])).rejects.toMatchObject({
      Code: "AWS.SimpleQueueService.InvalidBatchEntryId",
      message:
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. " +
        "It can be at most 80 letters long.",
    });
  }
});

test("a batch may be 1 MiB in all", async () => {
  const queue = await endpoint.createQueue();
  const { Successful } = await sendBatch(queue, entries(2, "x".repeat(MEBIBYTE / 2)));
  expect(Successful).toHaveLength(2);
});

test("a batch of one byte more is refused as a whole", async () => {
  const queue = await endpoint.createQueue();
  const tooLong = [...entries(1, "x".repeat(MEBIBYTE)), { Id: "last", MessageBody: "x" }];
  await expect(sendBatch(queue, tooLong)).rejects.toMatchObject({
    Code: "AWS.SimpleQueueService.BatchRequestTooLong",
    message: "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.",
  });
  expect(await endpoint.counts(queue)).toEqual([0, 0, 0]);
});

test("an entry that is too large for the queue fails alone", async () => {
  const queue = await endpoint.createQueue({ MaximumMessageSize: "1024" });
  const { Successful, Failed } = await sendBatch(queue, [
    { Id: "small", MessageBody: "x".repeat(1024) },
    { Id: "large", MessageBody: "x".repeat(1025) },
  ]);
  expect(Successful!.map((result) => result.Id)).toEqual(["small"]);
  expect(Failed).toEqual([
    {
      Id: "large",
      SenderFault: true,
      Code: "InvalidParameterValue",
      Message:
        "One or more parameters cannot be validated. Reason: Message must be shorter than " +
        "1024 bytes.",
    },
  ]);
});

test("an entry's own delay holds for it alone", async () => {
  const queue = await endpoint.createQueue();
  await sendBatch(queue, [
    { Id: "now", MessageBody: "now" },
    { Id: "later", MessageBody: "later", DelaySeconds: 900 },
  ]);
  expect(bodies(await endpoint.receive(queue, { MaxNumberOfMessages: 10 }))).toEqual(["now"]);
});

test("DeleteMessageBatch deletes what it can and tells what it could not", async () => {
  const queue = await endpoint.createQueue({ VisibilityTimeout: "1" });
  await endpoint.send(queue, "x");
  const { ReceiptHandle } = await endpoint.receiveOne(queue);
  const { Successful, Failed } = await endpoint.sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl: queue,
      Entries: [
        { Id: "good", ReceiptHandle },
        { Id: "bad", ReceiptHandle: "garbage" },
      ],
    }),
  );
  expect(Successful).toEqual([{ Id: "good" }]);
  expect(Failed).toMatchObject([{ Id: "bad", SenderFault: true, Code: "ReceiptHandleIsInvalid" }]);
  await endpoint.pass(1);
  expect(await endpoint.receive(queue)).toEqual([]);
});

test("ChangeMessageVisibilityBatch changes each entry by itself", async () => {
  const queue = await endpoint.createQueue();
  await sendBatch(queue, entries(2));
  const received = await endpoint.receive(queue, { MaxNumberOfMessages: 10 });
  const [first, second] = received.map((message) => message.ReceiptHandle!);
  const { Successful, Failed } = await endpoint.sqs.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl: queue,
      Entries: [
        { Id: "now", ReceiptHandle: first, VisibilityTimeout: 0 },
        { Id: "wrong", ReceiptHandle: second, VisibilityTimeout: 43_201 },
      ],
    }),
  );
  expect(Successful).toEqual([{ Id: "now" }]);
  expect(Failed).toMatchObject([{ Id: "wrong", SenderFault: true, Code: "InvalidParameterValue" }]);
  const again = await endpoint.receive(queue, { MaxNumberOfMessages: 10 });
  expect(again.map((message) => message.MessageId)).toEqual([received[0]!.MessageId]);
});

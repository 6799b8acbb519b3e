import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Endpoint, newName } from "./endpoint.ts";

let endpoint: Endpoint;
beforeAll(async () => void (endpoint = await Endpoint.open()));
afterAll(() => endpoint.close());

const MISSING_QUEUE = {
  name: "QueueDoesNotExist",
  Code: "AWS.SimpleQueueService.NonExistentQueue",
  message: "The specified queue does not exist.",
  $metadata: { httpStatusCode: 400 },
};

test("every operation on a missing queue says so in the same way", async () => {
  const queue = await endpoint.createQueue();
  const QueueUrl = queue.replace(/[^/]+$/, newName());
  const ReceiptHandle = "handle";
  const { sqs } = endpoint;
  await expect(endpoint.send(QueueUrl, "x")).rejects.toMatchObject(MISSING_QUEUE);
  await expect(endpoint.receive(QueueUrl)).rejects.toMatchObject(MISSING_QUEUE);
  await expect(endpoint.attributes(QueueUrl)).rejects.toMatchObject(MISSING_QUEUE);
  for (const call of [
    sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
    sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })),
    sqs.send(new PurgeQueueCommand({ QueueUrl })),
    sqs.send(new GetQueueAttributesCommand({ QueueUrl })),
  ]) {
    await expect(call).rejects.toMatchObject(MISSING_QUEUE);
  }
});

test("a receipt handle that was never issued is invalid", async () => {
  const QueueUrl = await endpoint.createQueue();
  const ReceiptHandle = "garbage";
  const invalid = {
    Code: "ReceiptHandleIsInvalid",
    message: 'The input receipt handle "garbage" is not a valid receipt handle.',
  };
  await expect(
    endpoint.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
  ).rejects.toMatchObject(invalid);
  const change = { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 };
  await expect(endpoint.sqs.send(new ChangeMessageVisibilityCommand(change))).rejects.toMatchObject(
    invalid,
  );
});

test("a missing parameter is named", async () => {
  const QueueUrl = await endpoint.createQueue();
  const command = new SendMessageCommand({ QueueUrl, MessageBody: undefined });
  await expect(endpoint.sqs.send(command)).rejects.toMatchObject({
    Code: "MissingParameter",
    message: "The request must contain the parameter MessageBody.",
    $metadata: { httpStatusCode: 400 },
  });
});

test("a failed call changes nothing and the next one succeeds", async () => {
  const queue = await endpoint.createQueue();
  await expect(endpoint.send(queue, "x", { DelaySeconds: 901 })).rejects.toThrow();
  expect(await endpoint.counts(queue)).toEqual([0, 0, 0]);
  await endpoint.send(queue, "x");
  expect(await endpoint.counts(queue)).toEqual([1, 0, 0]);
});

import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Endpoint } from "./endpoint.ts";

let endpoint: Endpoint;
beforeAll(async () => void (endpoint = await Endpoint.open()));
afterAll(() => endpoint.close());

/** A message that was received twice: its old and its current handle. */
async function receivedTwice() {
  const queue = await endpoint.createQueue({ VisibilityTimeout: "1" });
  await endpoint.send(queue, "x");
  const { ReceiptHandle: old } = await endpoint.receiveOne(queue);
  await endpoint.pass(1);
  const { ReceiptHandle: current } = await endpoint.receiveOne(queue);
  return { queue, old: old!, current: current! };
}

function remove(QueueUrl: string, ReceiptHandle: string) {
  return endpoint.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
}

function changeVisibility(QueueUrl: string, ReceiptHandle: string, VisibilityTimeout: number) {
  const input = { QueueUrl, ReceiptHandle, VisibilityTimeout };
  return endpoint.sqs.send(new ChangeMessageVisibilityCommand(input));
}

test("a handle is at most 1024 characters long", async () => {
  const { old } = await receivedTwice();
  expect(old.length).toBeLessThanOrEqual(1024);
});

test("a delete with the handle of an earlier receive answers success and deletes nothing", async () => {
  const { queue, old } = await receivedTwice();
  await remove(queue, old);
  expect(await endpoint.counts(queue)).toEqual([0, 1, 0]);
  await endpoint.pass(1);
  expect(await endpoint.receive(queue)).toHaveLength(1);
});

test("a delete with the handle of the last receive deletes", async () => {
  const { queue, current } = await receivedTwice();
  await remove(queue, current);
  expect(await endpoint.counts(queue)).toEqual([0, 0, 0]);
});

test("the same holds for the entries of a batch", async () => {
  const { queue, old, current } = await receivedTwice();
  const removeInBatch = (ReceiptHandle: string) => {
    const Entries = [{ Id: "only", ReceiptHandle }];
    return endpoint.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue, Entries }));
  };
  expect((await removeInBatch(old)).Successful).toEqual([{ Id: "only" }]);
  expect(await endpoint.counts(queue)).toEqual([0, 1, 0]);
  expect((await removeInBatch(current)).Successful).toEqual([{ Id: "only" }]);
  expect(await endpoint.counts(queue)).toEqual([0, 0, 0]);
});

test("the handle of an earlier receive does not make the message visible", async () => {
  const { queue, old } = await receivedTwice();
  await changeVisibility(queue, old, 0);
  expect(await endpoint.receive(queue)).toEqual([]);
});

test("the handle of the last receive does", async () => {
  const { queue, current } = await receivedTwice();
  await changeVisibility(queue, current, 0);
  expect(await endpoint.receive(queue)).toHaveLength(1);
});

test("a change of visibility with an expired handle answers success", async () => {
  const queue = await endpoint.createQueue({ VisibilityTimeout: "1" });
  await endpoint.send(queue, "x");
  const { ReceiptHandle } = await endpoint.receiveOne(queue);
  await endpoint.pass(1);
  expect(await changeVisibility(queue, ReceiptHandle!, 60)).toMatchObject({
    $metadata: { httpStatusCode: 200 },
  });
});

test("a handle deletes after its visibility was extended", async () => {
  const queue = await endpoint.createQueue({ VisibilityTimeout: "1" });
  await endpoint.send(queue, "x");
  const { ReceiptHandle } = await endpoint.receiveOne(queue);
  await changeVisibility(queue, ReceiptHandle!, 60);
  await endpoint.pass(1);
  await remove(queue, ReceiptHandle!);
  expect(await endpoint.counts(queue)).toEqual([0, 0, 0]);
});

test("a receive that hides nothing gives a handle that deletes", async () => {
  const queue = await endpoint.createQueue();
  await endpoint.send(queue, "x");
  const { ReceiptHandle } = await endpoint.receiveOne(queue, { VisibilityTimeout: 0 });
  await remove(queue, ReceiptHandle!);
  expect(await endpoint.counts(queue)).toEqual([0, 0, 0]);
});

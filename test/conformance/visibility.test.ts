import { ChangeMessageVisibilityCommand, DeleteMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bodies, Endpoint } from "./endpoint.ts";

let endpoint: Endpoint;
beforeAll(async () => void (endpoint = await Endpoint.open()));
afterAll(() => endpoint.close());

function changeVisibility(QueueUrl: string, ReceiptHandle: string, VisibilityTimeout: number) {
  const input = { QueueUrl, ReceiptHandle, VisibilityTimeout };
  return endpoint.sqs.send(new ChangeMessageVisibilityCommand(input));
}

function remove(QueueUrl: string, ReceiptHandle: string) {
  return endpoint.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
}

test("a received message is hidden until the queue's visibility timeout, counted from the receive, is over", async () => {
  const queue = await endpoint.createQueue({ VisibilityTimeout: "2" });
  await endpoint.send(queue, "x");
  await endpoint.receiveOne(queue);
  expect(await endpoint.counts(queue)).toEqual([0, 1, 0]);
  await endpoint.pass(1);
  expect(await endpoint.receive(queue)).toEqual([]);
  await endpoint.pass(1);
  expect(await endpoint.counts(queue)).toEqual([1, 0, 0]);
  expect((await endpoint.receiveOne(queue)).Attributes!.ApproximateReceiveCount).toBe("2");
});

test("VisibilityTimeout of a receive wins over the queue's, 0 included", async () => {
  const queue = await endpoint.createQueue({ VisibilityTimeout: "600" });
  await endpoint.send(queue, "x");
  await endpoint.receiveOne(queue, { VisibilityTimeout: 0 });
  await endpoint.receiveOne(queue, { VisibilityTimeout: 1 });
  expect(await endpoint.receive(queue)).toEqual([]);
  await endpoint.pass(1);
  const third = await endpoint.receiveOne(queue);
  expect(third.Attributes!.ApproximateReceiveCount).toBe("3");
});

test("VisibilityTimeout of a receive is between 0 and 43200", async () => {
  const queue = await endpoint.createQueue();
  await endpoint.receive(queue, { VisibilityTimeout: 43_200 });
  for (const VisibilityTimeout of [-1, 43_201]) {
    await expect(endpoint.receive(queue, { VisibilityTimeout })).rejects.toMatchObject({
      Code: "InvalidParameterValue",
      message:
        `Value ${VisibilityTimeout} for parameter VisibilityTimeout is invalid. ` +
        "Reason: Must be >= 0 and <= 43200, if provided.",
    });
  }
});

test("ChangeMessageVisibility counts from the call, can shorten and can extend", async () => {
  const queue = await endpoint.createQueue({ VisibilityTimeout: "2" });
  await endpoint.send(queue, "x");
  const { ReceiptHandle } = await endpoint.receiveOne(queue);
  await endpoint.pass(1);
  await changeVisibility(queue, ReceiptHandle!, 3);
  await endpoint.pass(2);
  expect(await endpoint.receive(queue)).toEqual([]);
  await endpoint.pass(1);
  expect(await endpoint.receive(queue)).toHaveLength(1);
});

test("ChangeMessageVisibility 0 makes the message visible at once and wakes a long poll", async () => {
  const queue = await endpoint.createQueue();
  await endpoint.send(queue, "x");
  const { ReceiptHandle } = await endpoint.receiveOne(queue);
  const waiting = endpoint.receive(queue, { WaitTimeSeconds: 20 });
  await endpoint.untilReceiveWaits();
  await changeVisibility(queue, ReceiptHandle!, 0);
  const [message] = await waiting;
  expect(message!.Attributes!.ApproximateReceiveCount).toBe("2");
});

test("a changed visibility timeout holds once: the next receive uses the queue's", async () => {
  const queue = await endpoint.createQueue({ VisibilityTimeout: "1" });
  await endpoint.send(queue, "x");
  const { ReceiptHandle } = await endpoint.receiveOne(queue);
  await changeVisibility(queue, ReceiptHandle!, 0);
  await endpoint.receiveOne(queue);
  expect(await endpoint.receive(queue)).toEqual([]);
  await endpoint.pass(1);
  expect(await endpoint.receive(queue)).toHaveLength(1);
});

test("the total time of hiding a message is bounded by 12 hours from its receive", async () => {
  const queue = await endpoint.createQueue();
  await endpoint.send(queue, "x");
  const { ReceiptHandle } = await endpoint.receiveOne(queue);
  await endpoint.pass(1);
  await changeVisibility(queue, ReceiptHandle!, 43_195);
  await expect(changeVisibility(queue, ReceiptHandle!, 43_200)).rejects.toMatchObject({
    Code: "InvalidParameterValue",
    message:
      "Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout " +
      "for the message is beyond the limit [43200 seconds]",
  });
});

test("ChangeMessageVisibility on a deleted message is refused", async () => {
  const queue = await endpoint.createQueue();
  await endpoint.send(queue, "x");
  const { ReceiptHandle } = await endpoint.receiveOne(queue);
  await remove(queue, ReceiptHandle!);
  await expect(changeVisibility(queue, ReceiptHandle!, 10)).rejects.toMatchObject({
    Code: "InvalidParameterValue",
    message:
      `Value ${ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not ` +
      "exist or is not available for visibility timeout change.",
  });
});

test("a deleted message does not come back, and deleting it again is fine", async () => {
  const queue = await endpoint.createQueue({ VisibilityTimeout: "1" });
  await endpoint.send(queue, "x");
  const { ReceiptHandle } = await endpoint.receiveOne(queue);
  await remove(queue, ReceiptHandle!);
  await remove(queue, ReceiptHandle!);
  await endpoint.pass(1);
  expect(await endpoint.receive(queue)).toEqual([]);
  expect(await endpoint.counts(queue)).toEqual([0, 0, 0]);
});

test("a message that is not deleted does", async () => {
  const queue = await endpoint.createQueue({ VisibilityTimeout: "1" });
  await endpoint.send(queue, "x");
  await endpoint.receiveOne(queue);
  await endpoint.pass(1);
  expect(bodies(await endpoint.receive(queue))).toEqual(["x"]);
});

test("a standard queue's receipt handle deletes after its timeout, as long as nobody received again", async () => {
  const queue = await endpoint.createQueue({ VisibilityTimeout: "1" });
  await endpoint.send(queue, "x");
  const { ReceiptHandle } = await endpoint.receiveOne(queue);
  await endpoint.pass(1);
  await remove(queue, ReceiptHandle!);
  expect(await endpoint.receive(queue)).toEqual([]);
});

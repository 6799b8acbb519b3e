import { ChangeMessageVisibilityCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Endpoint } from "./endpoint.ts";

let endpoint: Endpoint;
beforeAll(async () => void (endpoint = await Endpoint.open()));
afterAll(() => endpoint.close());

async function createPair(maxReceiveCount: number, attributes: Record<string, string> = {}) {
  const deadLetters = await endpoint.createQueue();
  const { QueueArn: deadLetterTargetArn } = await endpoint.attributes(deadLetters);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount });
  const source = await endpoint.createQueue({
    VisibilityTimeout: "1",
    RedrivePolicy,
    ...attributes,
  });
  return { source, deadLetters, RedrivePolicy };
}

test("maxReceiveCount 10 means exactly ten receives, then the dead-letter queue", async () => {
  const { source, deadLetters } = await createPair(10);
  await endpoint.send(source, "poison");
  for (let count = 1; count <= 10; count += 1) {
    const { Attributes } = await endpoint.receiveOne(source);
    expect(Attributes!.ApproximateReceiveCount).toBe(String(count));
    expect(await endpoint.receive(deadLetters)).toEqual([]);
    await endpoint.pass(1);
  }
  expect(await endpoint.receive(source)).toEqual([]);
  expect(await endpoint.receive(deadLetters)).toHaveLength(1);
});

test("a dead letter keeps its id, body, attributes and send time; its count goes on", async () => {
  const { source, deadLetters } = await createPair(1);
  const value = { DataType: "String", StringValue: "Bar" };
  const { MessageId } = await endpoint.send(source, "poison", {
    MessageAttributes: { Foo: value },
  });
  const received = await endpoint.receiveOne(source);
  await endpoint.pass(1);
  expect(await endpoint.receive(source)).toEqual([]);
  const dead = await endpoint.receiveOne(deadLetters, { MessageAttributeNames: ["All"] });
  expect(dead).toMatchObject({
    MessageId,
    Body: "poison",
    MessageAttributes: { Foo: value },
    Attributes: {
      SentTimestamp: received.Attributes!.SentTimestamp,
      ApproximateReceiveCount: "2",
      DeadLetterQueueSourceArn: (await endpoint.attributes(source))["QueueArn"],
    },
  });
});

test("without a redrive policy a message is received for ever", async () => {
  const queue = await endpoint.createQueue({ VisibilityTimeout: "0" });
  await endpoint.send(queue, "x");
  for (let count = 1; count <= 12; count += 1) {
    const { Attributes } = await endpoint.receiveOne(queue);
    expect(Attributes!.ApproximateReceiveCount).toBe(String(count));
  }
});

test("a visibility timeout of 0 spends the receives as well", async () => {
  const { source, deadLetters } = await createPair(1, { VisibilityTimeout: "0" });
  await endpoint.send(source, "x");
  await endpoint.receiveOne(source);
  expect(await endpoint.receive(source)).toEqual([]);
  expect(await endpoint.receive(deadLetters)).toHaveLength(1);
});

test("a handler that sets its own back-off and then fails still reaches the dead-letter queue", async () => {
  const { source, deadLetters } = await createPair(2);
  await endpoint.send(source, "x");
  for (let count = 1; count <= 2; count += 1) {
    const { ReceiptHandle } = await endpoint.receiveOne(source);
    const change = { QueueUrl: source, ReceiptHandle, VisibilityTimeout: 2 };
    await endpoint.sqs.send(new ChangeMessageVisibilityCommand(change));
    await endpoint.pass(2);
  }
  expect(await endpoint.receive(source)).toEqual([]);
  expect(await endpoint.receive(deadLetters)).toHaveLength(1);
});

test("the dead-letter queue's own delay does not hold for dead letters", async () => {
  const { source, deadLetters } = await createPair(1);
  const change = { QueueUrl: deadLetters, Attributes: { DelaySeconds: "900" } };
  await endpoint.sqs.send(new SetQueueAttributesCommand(change));
  await endpoint.send(source, "x");
  await endpoint.receiveOne(source);
  await endpoint.pass(1);
  expect(await endpoint.receive(source)).toEqual([]);
  expect(await endpoint.receive(deadLetters)).toHaveLength(1);
});

test("an empty RedrivePolicy removes it", async () => {
  const { source } = await createPair(1, { VisibilityTimeout: "0" });
  const change = { QueueUrl: source, Attributes: { RedrivePolicy: "" } };
  await endpoint.sqs.send(new SetQueueAttributesCommand(change));
  expect(await endpoint.attributes(source)).not.toHaveProperty("RedrivePolicy");
  await endpoint.send(source, "x");
  for (let count = 1; count <= 3; count += 1) await endpoint.receiveOne(source);
});

test("maxReceiveCount is between 1 and 1000", async () => {
  const { source, RedrivePolicy } = await createPair(1000);
  const policy = JSON.parse(RedrivePolicy) as Record<string, unknown>;
  const set = (maxReceiveCount: number) =>
    endpoint.sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: source,
        Attributes: { RedrivePolicy: JSON.stringify({ ...policy, maxReceiveCount }) },
      }),
    );
  await set(1);
  for (const count of [0, 1001]) await expect(set(count)).rejects.toThrow();
});

test("the dead-letter queue must exist", async () => {
  const { source, RedrivePolicy } = await createPair(1);
  const wrong = RedrivePolicy.replace(/conformance-/, "missing-");
  const change = { QueueUrl: source, Attributes: { RedrivePolicy: wrong } };
  await expect(endpoint.sqs.send(new SetQueueAttributesCommand(change))).rejects.toThrow();
});

import { GetQueueAttributesCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bodies, Endpoint } from "./endpoint.ts";

/** Lowest, highest and default value, in the attribute's unit. */
const RANGES: readonly (readonly [name: string, min: number, max: number, usual: number])[] = [
  ["DelaySeconds", 0, 900, 0],
  ["VisibilityTimeout", 0, 43_200, 30],
  ["MessageRetentionPeriod", 60, 1_209_600, 345_600],
  ["MaximumMessageSize", 1024, 1_048_576, 1_048_576],
  ["ReceiveMessageWaitTimeSeconds", 0, 20, 0],
];

let endpoint: Endpoint;
beforeAll(async () => void (endpoint = await Endpoint.open()));
afterAll(() => endpoint.close());

function set(QueueUrl: string, Attributes: Record<string, string>) {
  return endpoint.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
}

test("a new queue has AWS's defaults", async () => {
  const queue = await endpoint.createQueue();
  const attributes = await endpoint.attributes(queue);
  for (const [name, , , usual] of RANGES) expect(attributes[name]).toBe(String(usual));
  expect(attributes).toMatchObject({
    QueueArn: expect.stringMatching(/^arn:aws:sqs:[a-z0-9-]+:\d{12}:conformance-/),
    CreatedTimestamp: expect.stringMatching(/^\d{10}$/),
    LastModifiedTimestamp: expect.stringMatching(/^\d{10}$/),
    ApproximateNumberOfMessages: "0",
    ApproximateNumberOfMessagesNotVisible: "0",
    ApproximateNumberOfMessagesDelayed: "0",
    SqsManagedSseEnabled: "true",
  });
  expect(attributes).not.toHaveProperty("FifoQueue");
  expect(attributes).not.toHaveProperty("RedrivePolicy");
});

for (const [name, min, max] of RANGES) {
  test(`${name} is between ${min} and ${max}`, async () => {
    const queue = await endpoint.createQueue();
    for (const value of [min, max]) {
      await set(queue, { [name]: String(value) });
      expect((await endpoint.attributes(queue))[name]).toBe(String(value));
    }
    for (const value of [String(min - 1), String(max + 1), "abc", "1.5"]) {
      await expect(set(queue, { [name]: value })).rejects.toMatchObject({
        Code: "InvalidAttributeValue",
        message: expect.stringContaining(`Invalid value for the parameter ${name}.`),
      });
    }
    expect((await endpoint.attributes(queue))[name]).toBe(String(max));
  });
}

test("one wrong attribute leaves the others as they were", async () => {
  const queue = await endpoint.createQueue();
  await expect(set(queue, { VisibilityTimeout: "7", DelaySeconds: "901" })).rejects.toThrow();
  expect(await endpoint.attributes(queue)).toMatchObject({ VisibilityTimeout: "30" });
});

test("an unknown attribute is refused", async () => {
  const queue = await endpoint.createQueue();
  await expect(set(queue, { Colour: "blue" })).rejects.toMatchObject({
    Code: "InvalidAttributeName",
  });
});

test("attributes that time and messages set cannot be set by hand", async () => {
  const queue = await endpoint.createQueue();
  await expect(set(queue, { ApproximateNumberOfMessages: "5" })).rejects.toMatchObject({
    Code: "InvalidAttributeName",
  });
});

test("GetQueueAttributes answers what is named, and nothing when nothing is", async () => {
  const queue = await endpoint.createQueue();
  const get = async (AttributeNames?: ("VisibilityTimeout" | "DelaySeconds")[]) => {
    const input = { QueueUrl: queue, ...(AttributeNames && { AttributeNames }) };
    return (await endpoint.sqs.send(new GetQueueAttributesCommand(input))).Attributes;
  };
  expect(await get(["VisibilityTimeout"])).toEqual({ VisibilityTimeout: "30" });
  expect(await get()).toBeUndefined();
});

test("a message dies when its retention period, counted from the send, is over", async () => {
  const queue = await endpoint.createQueue({ MessageRetentionPeriod: "60" });
  await endpoint.send(queue, "x");
  await endpoint.pass(58);
  expect(bodies(await endpoint.receive(queue, { VisibilityTimeout: 0 }))).toEqual(["x"]);
  await endpoint.pass(2);
  expect(await endpoint.receive(queue)).toEqual([]);
  expect(await endpoint.counts(queue)).toEqual([0, 0, 0]);
}, 90_000);

test("it dies in flight and delayed, too", async () => {
  const queue = await endpoint.createQueue({ MessageRetentionPeriod: "60" });
  await endpoint.send(queue, "in flight");
  await endpoint.send(queue, "delayed", { DelaySeconds: 900 });
  await endpoint.receiveOne(queue, { VisibilityTimeout: 600 });
  expect(await endpoint.counts(queue)).toEqual([0, 1, 1]);
  await endpoint.pass(60);
  expect(await endpoint.counts(queue)).toEqual([0, 0, 0]);
}, 90_000);

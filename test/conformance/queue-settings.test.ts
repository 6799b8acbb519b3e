import { CreateQueueCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bodies, Endpoint, newName } from "./endpoint.ts";

let endpoint: Endpoint;
beforeAll(async () => void (endpoint = await Endpoint.open()));
afterAll(() => endpoint.close());

function set(QueueUrl: string, Attributes: Record<string, string>) {
  return endpoint.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
}

test("a queue that exists may be created again without naming its attributes", async () => {
  const name = newName();
  const queue = await endpoint.createQueue({ DelaySeconds: "5" }, name);
  expect(await endpoint.createQueue({}, name)).toBe(queue);
  expect(await endpoint.attributes(queue)).toMatchObject({ DelaySeconds: "5" });
});

test("a boolean is taken in any letter case", async () => {
  const queue = await endpoint.createQueue({ SqsManagedSseEnabled: "False" });
  expect(await endpoint.attributes(queue)).toMatchObject({ SqsManagedSseEnabled: "false" });
  await set(queue, { SqsManagedSseEnabled: "TRUE" });
  expect(await endpoint.attributes(queue)).toMatchObject({ SqsManagedSseEnabled: "true" });
  await expect(set(queue, { SqsManagedSseEnabled: "yes" })).rejects.toMatchObject({
    Code: "InvalidAttributeValue",
  });
});

test("a queue is encrypted by KMS or by SQS, not by both", async () => {
  const both = { KmsMasterKeyId: "alias/aws/sqs", SqsManagedSseEnabled: "true" };
  await expect(endpoint.createQueue(both)).rejects.toMatchObject({
    Code: "InvalidAttributeName",
    message:
      "You can use one type of server-side encryption (SSE) at one time. You can either enable " +
      "KMS SSE or SQS SSE.",
  });
});

test("modes of FIFO queues are refused on a standard queue", async () => {
  const queue = await endpoint.createQueue();
  await expect(set(queue, { DeduplicationScope: "queue" })).rejects.toMatchObject({
    Code: "InvalidAttributeName",
    message: "You can specify the DeduplicationScope only when FifoQueue is set to true.",
  });
});

test("LastModifiedTimestamp follows a change, CreatedTimestamp does not", async () => {
  const queue = await endpoint.createQueue();
  const before = await endpoint.attributes(queue);
  await endpoint.pass(2);
  await set(queue, { VisibilityTimeout: "7" });
  const after = await endpoint.attributes(queue);
  expect(after["CreatedTimestamp"]).toBe(before["CreatedTimestamp"]);
  const secondsLater =
    Number(after["LastModifiedTimestamp"]) - Number(before["LastModifiedTimestamp"]);
  expect(secondsLater).toBeGreaterThanOrEqual(2);
});

test("a retention period that shrinks takes the messages that are older", async () => {
  const queue = await endpoint.createQueue();
  await endpoint.send(queue, "old");
  await endpoint.pass(60);
  await endpoint.send(queue, "young");
  expect(await endpoint.counts(queue)).toEqual([2, 0, 0]);
  await set(queue, { MessageRetentionPeriod: "60" });
  expect(bodies(await endpoint.receive(queue, { MaxNumberOfMessages: 10 }))).toEqual(["young"]);
}, 90_000);

test("a new visibility timeout holds from the next receive on", async () => {
  const queue = await endpoint.createQueue({ VisibilityTimeout: "1" });
  await endpoint.send(queue, "before");
  await endpoint.receiveOne(queue);
  await set(queue, { VisibilityTimeout: "600" });
  await endpoint.pass(1);
  await endpoint.receiveOne(queue);
  await endpoint.pass(1);
  expect(await endpoint.counts(queue)).toEqual([0, 1, 0]);
});

test("a queue without a name is refused", async () => {
  await expect(endpoint.sqs.send(new CreateQueueCommand({ QueueName: "" }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 400 },
  });
});

import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Endpoint, newName } from "./endpoint.ts";

let endpoint: Endpoint;
beforeAll(async () => void (endpoint = await Endpoint.open()));
afterAll(() => endpoint.close());

function urlOf(QueueName: string) {
  return endpoint.sqs.send(new GetQueueUrlCommand({ QueueName }));
}

async function list(QueueNamePrefix: string, MaxResults?: number, NextToken?: string) {
  const input = { QueueNamePrefix, MaxResults, NextToken };
  return await endpoint.sqs.send(new ListQueuesCommand(input));
}

test("a queue is found by its name", async () => {
  const name = newName();
  const queue = await endpoint.createQueue({}, name);
  expect(queue).toMatch(new RegExp(`/\\d{12}/${name}$`));
  expect((await urlOf(name)).QueueUrl).toBe(queue);
});

test("a queue that does not exist is not", async () => {
  await expect(urlOf(newName())).rejects.toMatchObject({
    name: "QueueDoesNotExist",
    Code: "AWS.SimpleQueueService.NonExistentQueue",
    $metadata: { httpStatusCode: 400 },
  });
});

test("creating a queue again with the same attributes answers the same URL", async () => {
  const name = newName();
  const queue = await endpoint.createQueue({ DelaySeconds: "5" }, name);
  expect(await endpoint.createQueue({ DelaySeconds: "5" }, name)).toBe(queue);
});

test("creating it again with another value is refused", async () => {
  const name = newName();
  await endpoint.createQueue({ DelaySeconds: "5" }, name);
  await expect(endpoint.createQueue({ DelaySeconds: "6" }, name)).rejects.toMatchObject({
    Code: "QueueAlreadyExists",
    message:
      "A queue already exists with the same name and a different value for attribute " +
      "DelaySeconds",
  });
});

test("a name is of letters, digits, hyphens and underscores, 80 at most", async () => {
  const longest = `${newName()}_`.padEnd(80, "Z9");
  await endpoint.createQueue({}, longest);
  for (const QueueName of [`${longest}x`, "a.b", "a b", "a/b"]) {
    await expect(endpoint.sqs.send(new CreateQueueCommand({ QueueName }))).rejects.toMatchObject({
      Code: "InvalidParameterValue",
      message:
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
    });
  }
});

test("FifoQueue is no attribute of a standard queue, not even when false", async () => {
  await expect(endpoint.createQueue({ FifoQueue: "false" })).rejects.toMatchObject({
    Code: "InvalidAttributeName",
    message: "Unknown Attribute FifoQueue.",
  });
});

test("ListQueues answers the queues whose names begin with the prefix", async () => {
  const prefix = newName();
  const one = await endpoint.createQueue({}, `${prefix}-1`);
  const two = await endpoint.createQueue({}, `${prefix}-2`);
  expect((await list(prefix)).QueueUrls?.toSorted()).toEqual([one, two]);
  expect((await list(`${prefix}-2`)).QueueUrls).toEqual([two]);
  expect((await list(`${prefix}-3`)).QueueUrls).toBeUndefined();
});

test("ListQueues pages when MaxResults is given", async () => {
  const prefix = newName();
  const all: string[] = [];
  for (const at of [1, 2, 3]) all.push(await endpoint.createQueue({}, `${prefix}-${at}`));
  const first = await list(prefix, 2);
  expect(first.QueueUrls).toHaveLength(2);
  const second = await list(prefix, 2, first.NextToken);
  expect(second.NextToken).toBeUndefined();
  expect([...first.QueueUrls!, ...second.QueueUrls!].toSorted()).toEqual(all);
});

test("a deleted queue and its messages are gone", async () => {
  const name = newName();
  const queue = await endpoint.createQueue({}, name);
  await endpoint.send(queue, "x");
  await endpoint.sqs.send(new DeleteQueueCommand({ QueueUrl: queue }));
  await expect(endpoint.send(queue, "x")).rejects.toMatchObject({ name: "QueueDoesNotExist" });
  await expect(urlOf(name)).rejects.toMatchObject({ name: "QueueDoesNotExist" });
});

test("the name of a deleted queue is free again after 60 seconds", async () => {
  const name = newName();
  const queue = await endpoint.createQueue({}, name);
  await endpoint.send(queue, "x");
  await endpoint.sqs.send(new DeleteQueueCommand({ QueueUrl: queue }));
  await endpoint.pass(58);
  await expect(endpoint.createQueue({}, name)).rejects.toMatchObject({
    Code: "AWS.SimpleQueueService.QueueDeletedRecently",
    message:
      "You must wait 60 seconds after deleting a queue before you can create another with the " +
      "same name.",
  });
  await endpoint.pass(2);
  expect(await endpoint.createQueue({}, name)).toBe(queue);
  expect(await endpoint.counts(queue)).toEqual([0, 0, 0]);
}, 90_000);

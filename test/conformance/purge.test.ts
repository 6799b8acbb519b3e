import { PurgeQueueCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Endpoint, newName } from "./endpoint.ts";

let endpoint: Endpoint;
beforeAll(async () => void (endpoint = await Endpoint.open()));
afterAll(() => endpoint.close());

function purge(QueueUrl: string) {
  return endpoint.sqs.send(new PurgeQueueCommand({ QueueUrl }));
}

test("a purge deletes ready, delayed and in-flight messages", async () => {
  const queue = await endpoint.createQueue();
  await endpoint.send(queue, "in flight");
  await endpoint.receiveOne(queue);
  await endpoint.send(queue, "ready");
  await endpoint.send(queue, "delayed", { DelaySeconds: 900 });
  expect(await endpoint.counts(queue)).toEqual([1, 1, 1]);
  await purge(queue);
  expect(await endpoint.counts(queue)).toEqual([0, 0, 0]);
});

test("a queue may be purged once every 60 seconds", async () => {
  const name = newName();
  const queue = await endpoint.createQueue({}, name);
  await purge(queue);
  await endpoint.pass(58);
  await expect(purge(queue)).rejects.toMatchObject({
    name: "PurgeQueueInProgress",
    Code: "AWS.SimpleQueueService.PurgeQueueInProgress",
    message: `Only one PurgeQueue operation on ${name} is allowed every 60 seconds.`,
    $metadata: { httpStatusCode: 403 },
  });
  await endpoint.pass(2);
  await purge(queue);
}, 90_000);

test("purging one queue leaves the others alone", async () => {
  const [one, two] = [await endpoint.createQueue(), await endpoint.createQueue()];
  await endpoint.send(two, "kept");
  await purge(one);
  await purge(await endpoint.createQueue());
  expect(await endpoint.counts(two)).toEqual([1, 0, 0]);
});

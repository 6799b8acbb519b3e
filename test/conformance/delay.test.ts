import { SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bodies, Endpoint } from "./endpoint.ts";

let endpoint: Endpoint;
beforeAll(async () => void (endpoint = await Endpoint.open()));
afterAll(() => endpoint.close());

test("a delayed message is counted as delayed and not received before its time", async () => {
  const queue = await endpoint.createQueue();
  await endpoint.send(queue, "x", { DelaySeconds: 2 });
  expect(await endpoint.counts(queue)).toEqual([0, 0, 1]);
  await endpoint.pass(1);
  expect(await endpoint.receive(queue)).toEqual([]);
  await endpoint.pass(1);
  expect(await endpoint.counts(queue)).toEqual([1, 0, 0]);
  expect(bodies(await endpoint.receive(queue))).toEqual(["x"]);
});

test("the same message without a delay is received at once", async () => {
  const queue = await endpoint.createQueue();
  await endpoint.send(queue, "x");
  expect(bodies(await endpoint.receive(queue))).toEqual(["x"]);
});

test("SentTimestamp is the time of the send, not of the delay's end", async () => {
  const queue = await endpoint.createQueue();
  await endpoint.send(queue, "x", { DelaySeconds: 2 });
  await endpoint.pass(2);
  const { SentTimestamp, ApproximateFirstReceiveTimestamp } = (await endpoint.receiveOne(queue))
    .Attributes!;
  expect(Number(ApproximateFirstReceiveTimestamp) - Number(SentTimestamp)).toBeGreaterThanOrEqual(
    2000,
  );
});

test("the queue's DelaySeconds holds for messages that name none", async () => {
  const queue = await endpoint.createQueue({ DelaySeconds: "2" });
  await endpoint.send(queue, "x");
  expect(await endpoint.receive(queue)).toEqual([]);
  await endpoint.pass(2);
  expect(await endpoint.receive(queue)).toHaveLength(1);
});

test("DelaySeconds 0 of a message wins over a standard queue's", async () => {
  const queue = await endpoint.createQueue({ DelaySeconds: "900" });
  await endpoint.send(queue, "x", { DelaySeconds: 0 });
  expect(await endpoint.receive(queue)).toHaveLength(1);
});

test("DelaySeconds is between 0 and 900", async () => {
  const queue = await endpoint.createQueue();
  await endpoint.send(queue, "x", { DelaySeconds: 900 });
  for (const DelaySeconds of [-1, 901]) {
    await expect(endpoint.send(queue, "x", { DelaySeconds })).rejects.toMatchObject({
      Code: "InvalidParameterValue",
      message:
        `Value ${DelaySeconds} for parameter DelaySeconds is invalid. ` +
        "Reason: DelaySeconds must be >= 0 and <= 900.",
    });
  }
});

test("a delay acts once: a retry is paced by the visibility timeout", async () => {
  const queue = await endpoint.createQueue({ VisibilityTimeout: "1" });
  await endpoint.send(queue, "x", { DelaySeconds: 2 });
  await endpoint.pass(2);
  await endpoint.receiveOne(queue);
  await endpoint.pass(1);
  expect(await endpoint.receive(queue)).toHaveLength(1);
});

test("a change of a standard queue's DelaySeconds is not retroactive", async () => {
  const queue = await endpoint.createQueue({ DelaySeconds: "900" });
  await endpoint.send(queue, "before");
  const change = { QueueUrl: queue, Attributes: { DelaySeconds: "0" } };
  await endpoint.sqs.send(new SetQueueAttributesCommand(change));
  await endpoint.send(queue, "after");
  expect(bodies(await endpoint.receive(queue, { MaxNumberOfMessages: 10 }))).toEqual(["after"]);
});

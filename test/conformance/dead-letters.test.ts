import {
  DeleteQueueCommand,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bodies, Endpoint } from "./endpoint.ts";

let endpoint: Endpoint;
beforeAll(async () => void (endpoint = await Endpoint.open()));
afterAll(() => endpoint.close());

function set(QueueUrl: string, Attributes: Record<string, string>) {
  return endpoint.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
}

async function arnOf(queue: string): Promise<string> {
  return (await endpoint.attributes(queue))["QueueArn"]!;
}

/** Its source receives once, and messages are visible again at once. */
async function createPair(maxReceiveCount = 1, deadLetterAttributes: Record<string, string> = {}) {
  const deadLetters = await endpoint.createQueue(deadLetterAttributes);
  const deadLetterTargetArn = await arnOf(deadLetters);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount });
  const source = await endpoint.createQueue({ VisibilityTimeout: "0", RedrivePolicy });
  return { source, deadLetters, RedrivePolicy };
}

/** Receives once, and meets the message again, which moves it. */
async function exhaust(source: string): Promise<void> {
  await endpoint.receiveOne(source);
  expect(await endpoint.receive(source)).toEqual([]);
}

test("after ten receives the dead letter's first receive is its eleventh", async () => {
  const { source, deadLetters } = await createPair(10);
  await endpoint.send(source, "x");
  for (let count = 1; count <= 10; count += 1) await endpoint.receiveOne(source);
  expect(await endpoint.receive(source)).toEqual([]);
  const { Attributes } = await endpoint.receiveOne(deadLetters);
  expect(Attributes!.ApproximateReceiveCount).toBe("11");
});

test("a dead letter keeps its trace header and its time of first receive", async () => {
  const { source, deadLetters } = await createPair();
  const StringValue = "Root=1-5759e988-bd862e3fe1be46a994272793";
  await endpoint.send(source, "x", {
    MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue } },
  });
  const first = await endpoint.receiveOne(source);
  await endpoint.pass(1);
  expect(await endpoint.receive(source)).toEqual([]);
  const dead = await endpoint.receiveOne(deadLetters);
  expect(dead.Attributes).toMatchObject({
    AWSTraceHeader: StringValue,
    ApproximateFirstReceiveTimestamp: first.Attributes!.ApproximateFirstReceiveTimestamp,
  });
});

test("a dead letter's retention counts from its original send", async () => {
  const { source, deadLetters } = await createPair(1, { MessageRetentionPeriod: "60" });
  await endpoint.send(source, "old");
  await endpoint.pass(58);
  await exhaust(source);
  expect(await endpoint.counts(deadLetters)).toEqual([1, 0, 0]);
  await endpoint.pass(2);
  expect(await endpoint.counts(deadLetters)).toEqual([0, 0, 0]);
}, 90_000);

test("with a longer retention than the source's it is still there", async () => {
  const { source, deadLetters } = await createPair(1, { MessageRetentionPeriod: "120" });
  await set(source, { MessageRetentionPeriod: "60" });
  await endpoint.send(source, "old");
  await endpoint.pass(58);
  await exhaust(source);
  await endpoint.pass(2);
  expect(await endpoint.counts(deadLetters)).toEqual([1, 0, 0]);
}, 90_000);

test("a move wakes a long poll at the dead-letter queue", async () => {
  const { source, deadLetters } = await createPair();
  await endpoint.send(source, "x");
  await endpoint.receiveOne(source);
  const waiting = endpoint.receive(deadLetters, { WaitTimeSeconds: 20 });
  await endpoint.untilReceiveWaits();
  expect(await endpoint.receive(source)).toEqual([]);
  expect(bodies(await waiting)).toEqual(["x"]);
});

test("a receive passes over exhausted messages and answers the others", async () => {
  const { source, deadLetters } = await createPair();
  await endpoint.send(source, "exhausted");
  await endpoint.receiveOne(source);
  const Entries = ["a", "b"].map((body) => ({ Id: body, MessageBody: body }));
  await endpoint.sqs.send(new SendMessageBatchCommand({ QueueUrl: source, Entries }));
  const received = await endpoint.receive(source, { MaxNumberOfMessages: 10 });
  expect(bodies(received).toSorted()).toEqual(["a", "b"]);
  expect(bodies(await endpoint.receive(deadLetters))).toEqual(["exhausted"]);
});

test("while the dead-letter queue is gone, messages go on being received", async () => {
  const { source, deadLetters } = await createPair();
  await endpoint.sqs.send(new DeleteQueueCommand({ QueueUrl: deadLetters }));
  await endpoint.send(source, "x");
  for (const count of ["1", "2", "3"]) {
    const { Attributes } = await endpoint.receiveOne(source);
    expect(Attributes!.ApproximateReceiveCount).toBe(count);
  }
});

test("maxReceiveCount may be a numeric string", async () => {
  const { source, RedrivePolicy } = await createPair();
  const { deadLetterTargetArn } = JSON.parse(RedrivePolicy) as { deadLetterTargetArn: string };
  const policy = { deadLetterTargetArn, maxReceiveCount: "2" };
  await set(source, { RedrivePolicy: JSON.stringify(policy) });
  await endpoint.send(source, "x");
  await endpoint.receiveOne(source);
  await exhaust(source);
});

test.each(["not JSON", "[]", "{}", '{"maxReceiveCount":1}'])(
  "the redrive policy %s is refused",
  async (RedrivePolicy) => {
    const queue = await endpoint.createQueue();
    await expect(set(queue, { RedrivePolicy })).rejects.toMatchObject({
      Code: "InvalidParameterValue",
    });
  },
);

test("denyAll keeps a queue from becoming anybody's dead-letter queue", async () => {
  const { source, deadLetters, RedrivePolicy } = await createPair();
  await set(deadLetters, { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' });
  await expect(set(source, { RedrivePolicy })).rejects.toMatchObject({
    Code: "InvalidParameterValue",
  });
});

test("byQueue lets the listed sources use it and no others", async () => {
  const { source, deadLetters, RedrivePolicy } = await createPair();
  const other = await endpoint.createQueue();
  const RedriveAllowPolicy = JSON.stringify({
    redrivePermission: "byQueue",
    sourceQueueArns: [await arnOf(source)],
  });
  await set(deadLetters, { RedriveAllowPolicy });
  await set(source, { RedrivePolicy });
  await expect(set(other, { RedrivePolicy })).rejects.toMatchObject({
    Code: "InvalidParameterValue",
  });
});

test("an allow policy that is set later does not reach back", async () => {
  const { source, deadLetters } = await createPair();
  await set(deadLetters, { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' });
  await endpoint.send(source, "x");
  await exhaust(source);
  expect(bodies(await endpoint.receive(deadLetters))).toEqual(["x"]);
});

test.each([
  '{"redrivePermission":"some"}',
  '{"redrivePermission":"denyAll","sourceQueueArns":["arn:aws:sqs:us-east-1:000000000000:a"]}',
  '{"redrivePermission":"byQueue"}',
  JSON.stringify({
    redrivePermission: "byQueue",
    sourceQueueArns: Array.from(
      { length: 11 },
      (_, at) => `arn:aws:sqs:us-east-1:000000000000:${at}`,
    ),
  }),
])("the allow policy %s is refused", async (RedriveAllowPolicy) => {
  const queue = await endpoint.createQueue();
  await expect(set(queue, { RedriveAllowPolicy })).rejects.toMatchObject({
    Code: "InvalidParameterValue",
  });
});

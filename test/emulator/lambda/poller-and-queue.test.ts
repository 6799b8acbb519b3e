import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { SqsEvent } from "../../../emulator/lambda/record.ts";
import { givenMapping } from "./given-mapping.ts";

function fails(): never {
  throw new Error("boom");
}

test("what was handled is gone", async () => {
  const { clock, send, counts, deliveries } = await givenMapping();
  await send(["a", "b"]);
  await clock.runUntilIdle();
  expect(deliveries).toEqual([{ atSeconds: 0, counts: [1, 1], bodies: ["a", "b"] }]);
  expect(await counts("queue")).toEqual([0, 0, 0]);
  expect(await counts("dead letters")).toEqual([0, 0, 0]);
});

test("a delay of 10 s, ten failures 30 s apart, then the dead-letter queue", async () => {
  const { clock, send, counts, deliveries, moves } = await givenMapping({ handler: fails });
  await send(["x"], { DelaySeconds: 10 });
  await clock.runUntilIdle();
  expect(deliveries.map(({ atSeconds }) => atSeconds)).toEqual([
    10, 40, 70, 100, 130, 160, 190, 220, 250, 280,
  ]);
  expect(deliveries.flatMap((delivery) => delivery.counts)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ]);
  expect(moves).toEqual([310]);
  expect(await counts("queue")).toEqual([0, 0, 0]);
  expect(await counts("dead letters")).toEqual([1, 0, 0]);
});

test("a retry is counted from the receive, not from the failure", async () => {
  const { clock, send, deliveries } = await givenMapping({
    maxReceiveCount: 2,
    handler: () => clock.sleep(19_000).then(fails),
  });
  await send(["x"]);
  await clock.runUntilIdle();
  expect(deliveries.map(({ atSeconds }) => atSeconds)).toEqual([0, 30]);
});

test("an error fails all messages of its batch, the innocent too", async () => {
  const { clock, send, counts, deliveries } = await givenMapping({
    maxReceiveCount: 2,
    handler: fails,
  });
  await send(["innocent", "poison"]);
  await clock.runUntilIdle();
  expect(deliveries).toEqual([
    { atSeconds: 0, counts: [1, 1], bodies: ["innocent", "poison"] },
    { atSeconds: 30, counts: [2, 2], bodies: ["innocent", "poison"] },
  ]);
  expect(await counts("dead letters")).toEqual([2, 0, 0]);
});

test("with ReportBatchItemFailures only what is reported comes back", async () => {
  const { clock, send, counts, deliveries } = await givenMapping({
    maxReceiveCount: 2,
    reportsFailures: true,
    handler: ({ Records }) => ({
      batchItemFailures: Records.filter(({ body }) => body === "poison").map(({ messageId }) => ({
        itemIdentifier: messageId,
      })),
    }),
  });
  await send(["innocent", "poison"]);
  await clock.runUntilIdle();
  expect(deliveries).toEqual([
    { atSeconds: 0, counts: [1, 1], bodies: ["innocent", "poison"] },
    { atSeconds: 30, counts: [2], bodies: ["poison"] },
  ]);
  expect(await counts("queue")).toEqual([0, 0, 0]);
  expect(await counts("dead letters")).toEqual([1, 0, 0]);
});

test("a handler that sets its own back-off and then fails is retried after it", async () => {
  const { emulator, queue, clock, send, deliveries, moves } = await givenMapping({
    maxReceiveCount: 3,
    async handler({ Records: [record] }) {
      await emulator.perform("ChangeMessageVisibility", {
        QueueUrl: queue,
        ReceiptHandle: record!.receiptHandle,
        VisibilityTimeout: 60,
      });
      fails();
    },
  });
  await send(["x"]);
  await clock.runUntilIdle();
  expect(deliveries.map(({ atSeconds }) => atSeconds)).toEqual([0, 60, 120]);
  expect(moves).toEqual([180]);
});

test("a message that the handler deleted itself does not come back though it failed", async () => {
  const { emulator, queue, clock, send, deliveries, counts } = await givenMapping({
    async handler({ Records: [record] }) {
      const ReceiptHandle = record!.receiptHandle;
      await emulator.perform("DeleteMessage", { QueueUrl: queue, ReceiptHandle });
      fails();
    },
  });
  await send(["x"]);
  await clock.runUntilIdle();
  expect(deliveries).toHaveLength(1);
  expect(await counts("queue")).toEqual([0, 0, 0]);
  expect(await counts("dead letters")).toEqual([0, 0, 0]);
});

test("a function that takes longer than its timeout has failed, even if it ends well later", async () => {
  const { clock, send, deliveries, events, counts } = await givenMapping({
    maxReceiveCount: 1,
    handler: () => clock.sleep(21_000),
  });
  await send(["x"]);
  await clock.runUntilIdle();
  expect(deliveries).toHaveLength(1);
  expect(events).toMatchObject([
    { durationMs: 20_000, error: "Task timed out after 20.00 seconds" },
  ]);
  expect(await counts("dead letters")).toEqual([1, 0, 0]);
});

test("one that ends just before has not", async () => {
  const { clock, send, events, counts } = await givenMapping({
    maxReceiveCount: 1,
    handler: () => clock.sleep(19_999),
  });
  await send(["x"]);
  await clock.runUntilIdle();
  expect(events).toMatchObject([{ durationMs: 19_999, failedMessageIds: [] }]);
  expect(await counts("dead letters")).toEqual([0, 0, 0]);
});

test("throttling spends receives: a message is dead without its function ever having run", async () => {
  const { clock, send, deliveries, moves } = await givenMapping({
    maxReceiveCount: 2,
    invoke: () => Promise.resolve({ outcome: "throttled" }),
  });
  await send(["x"]);
  await clock.runUntilIdle();
  expect(deliveries).toEqual([]);
  expect(moves).toEqual([60]);
});

test("a disabled mapping spends no receives while messages grow older", async () => {
  const { emulator, clock, send, counts } = await givenMapping({ enabled: false });
  await send(["x"]);
  await clock.advance(3_600_000);
  expect(await counts("queue")).toEqual([1, 0, 0]);
  const source = emulator.messageSource("queue");
  const { messages, release } = await source.receive(1, new AbortController().signal);
  release();
  const { ApproximateReceiveCount, SentTimestamp } = messages[0]!.Attributes;
  expect(ApproximateReceiveCount).toBe("1");
  expect(clock.now() - Number(SentTimestamp)).toBe(3_600_000);
});

test("a thrown object that cannot be put in words fails its batch and nothing else", async () => {
  const { clock, send, events } = await givenMapping({
    maxReceiveCount: 1,
    handler: () => {
      throw Object.create(null) as unknown;
    },
  });
  await send(["x"]);
  await clock.runUntilIdle();
  expect(events).toMatchObject([{ error: "Error: what was thrown cannot be put in words" }]);
});

test("a record is, member for member, what Lambda makes of a message", async () => {
  const events: SqsEvent[] = [];
  const { emulator, clock, send } = await givenMapping({ handler: (event) => events.push(event) });
  const sentAt = String(clock.now());
  const trace = "Root=1-5759e988-bd862e3fe1be46a994272793";
  await send(['{"user":1}'], {
    DelaySeconds: 10,
    MessageAttributes: {
      Foo: { DataType: "String", StringValue: "Bar" },
      Stamp: { DataType: "Binary.png", BinaryValue: "AP8Q" },
    },
    MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: trace } },
  });
  await clock.runUntilIdle();
  const unused = { stringListValues: [], binaryListValues: [] };
  expect(events).toEqual([
    {
      Records: [
        {
          messageId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
          receiptHandle: expect.stringMatching(/./) as string,
          body: '{"user":1}',
          attributes: {
            ApproximateReceiveCount: "1",
            AWSTraceHeader: trace,
            SentTimestamp: sentAt,
            SenderId: expect.stringMatching(/^AIDA/) as string,
            ApproximateFirstReceiveTimestamp: String(Number(sentAt) + 10_000),
          },
          messageAttributes: {
            Foo: { stringValue: "Bar", ...unused, dataType: "String" },
            Stamp: { binaryValue: "AP8Q", ...unused, dataType: "Binary.png" },
          },
          md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
          md5OfBody: createHash("md5").update('{"user":1}').digest("hex"),
          eventSource: "aws:sqs",
          eventSourceARN: emulator.queueArn("queue"),
          awsRegion: "us-east-1",
        },
      ],
    },
  ]);
});

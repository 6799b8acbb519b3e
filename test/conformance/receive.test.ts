import { afterAll, beforeAll, expect, test } from "vitest";
import { bodies, Endpoint } from "./endpoint.ts";

let endpoint: Endpoint;
beforeAll(async () => void (endpoint = await Endpoint.open()));
afterAll(() => endpoint.close());

test("an empty queue answers no messages at once", async () => {
  const queue = await endpoint.createQueue();
  expect(await endpoint.receive(queue)).toEqual([]);
});

test("one message is received unless more are asked for, ten at most", async () => {
  const queue = await endpoint.createQueue();
  for (let at = 0; at < 12; at += 1) await endpoint.send(queue, `${at}`);
  expect(await endpoint.receive(queue)).toHaveLength(1);
  expect(await endpoint.receive(queue, { MaxNumberOfMessages: 10 })).toHaveLength(10);
  expect(await endpoint.receive(queue, { MaxNumberOfMessages: 10 })).toHaveLength(1);
});

test("MaxNumberOfMessages is between 1 and 10", async () => {
  const queue = await endpoint.createQueue();
  for (const MaxNumberOfMessages of [0, 11]) {
    await expect(endpoint.receive(queue, { MaxNumberOfMessages })).rejects.toMatchObject({
      Code: "InvalidParameterValue",
      message:
        `Value ${MaxNumberOfMessages} for parameter MaxNumberOfMessages is invalid. ` +
        "Reason: Must be between 1 and 10, if provided.",
    });
  }
});

test("WaitTimeSeconds is between 0 and 20", async () => {
  const queue = await endpoint.createQueue();
  await endpoint.send(queue, "so that no receive waits");
  const wait = (WaitTimeSeconds: number) =>
    endpoint.receive(queue, { WaitTimeSeconds, VisibilityTimeout: 0 });
  await wait(0);
  await wait(20);
  for (const seconds of [-1, 21]) {
    await expect(wait(seconds)).rejects.toMatchObject({
      Code: "InvalidParameterValue",
      message:
        `Value ${seconds} for parameter WaitTimeSeconds is invalid. ` +
        "Reason: Must be >= 0 and <= 20, if provided.",
    });
  }
});

test("each receive raises the receive count and keeps the time of the first", async () => {
  const queue = await endpoint.createQueue();
  const { MessageId } = await endpoint.send(queue, "again");
  const first = await endpoint.receiveOne(queue, { VisibilityTimeout: 0 });
  const second = await endpoint.receiveOne(queue);
  expect([first.MessageId, second.MessageId]).toEqual([MessageId, MessageId]);
  expect(first.Attributes!.ApproximateReceiveCount).toBe("1");
  expect(second.Attributes!.ApproximateReceiveCount).toBe("2");
  expect(second.Attributes!.ApproximateFirstReceiveTimestamp).toBe(
    first.Attributes!.ApproximateFirstReceiveTimestamp,
  );
  expect(second.ReceiptHandle).not.toBe(first.ReceiptHandle);
});

test("system attributes are strings, times are epoch milliseconds", async () => {
  const queue = await endpoint.createQueue();
  await endpoint.send(queue, "x");
  const { Attributes } = await endpoint.receiveOne(queue);
  expect(Attributes).toEqual({
    ApproximateReceiveCount: "1",
    SentTimestamp: expect.stringMatching(/^\d{13}$/),
    ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
    SenderId: expect.stringMatching(/./),
  });
});

test("no attributes are answered that were not asked for, nor their MD5", async () => {
  const queue = await endpoint.createQueue();
  const MessageAttributes = { Foo: { DataType: "String", StringValue: "Bar" } };
  await endpoint.send(queue, "x", { MessageAttributes });
  const message = await endpoint.receiveOne(queue, { MessageSystemAttributeNames: [] });
  expect(message.Attributes).toBeUndefined();
  expect(message.MessageAttributes).toBeUndefined();
  expect(message.MD5OfMessageAttributes).toBeUndefined();
});

test("AttributeNames, the old name of the parameter, still works", async () => {
  const queue = await endpoint.createQueue();
  await endpoint.send(queue, "x");
  const message = await endpoint.receiveOne(queue, {
    MessageSystemAttributeNames: [],
    AttributeNames: ["ApproximateReceiveCount" as never],
  });
  expect(message.Attributes).toEqual({ ApproximateReceiveCount: "1" });
});

test("message attributes are chosen by name, by prefix or all", async () => {
  const queue = await endpoint.createQueue();
  const value = { DataType: "String", StringValue: "Bar" };
  await endpoint.send(queue, "x", {
    MessageAttributes: { "a.b": value, "a.c": value, Foo: value },
  });
  const names = async (MessageAttributeNames: string[]) => {
    const message = await endpoint.receiveOne(queue, {
      MessageAttributeNames,
      VisibilityTimeout: 0,
    });
    return Object.keys(message.MessageAttributes ?? {}).sort();
  };
  expect(await names(["All"])).toEqual(["Foo", "a.b", "a.c"]);
  expect(await names([".*"])).toEqual(["Foo", "a.b", "a.c"]);
  expect(await names(["a.*"])).toEqual(["a.b", "a.c"]);
  expect(await names(["Foo", "unknown"])).toEqual(["Foo"]);
});

test("the MD5 covers only the attributes that are answered", async () => {
  const queue = await endpoint.createQueue();
  const text = (StringValue: string) => ({ DataType: "String", StringValue });
  await endpoint.send(queue, "x", { MessageAttributes: { Foo: text("Bar"), Other: text("y") } });
  const message = await endpoint.receiveOne(queue, { MessageAttributeNames: ["Foo"] });
  expect(message.MD5OfMessageAttributes).toBe("ae7155c6026991b6d54b11589678bf9c");
});

test("binary values come back byte for byte", async () => {
  const queue = await endpoint.createQueue();
  const BinaryValue = Uint8Array.from({ length: 256 }, (_, at) => at);
  const MessageAttributes = { bytes: { DataType: "Binary.png", BinaryValue } };
  await endpoint.send(queue, "x", { MessageAttributes });
  const message = await endpoint.receiveOne(queue, { MessageAttributeNames: ["All"] });
  expect(message.MessageAttributes!["bytes"]!.DataType).toBe("Binary.png");
  expect(message.MessageAttributes!["bytes"]!.BinaryValue).toEqual(BinaryValue);
});

test("a trace header is a system attribute and not part of the user's", async () => {
  const queue = await endpoint.createQueue();
  const StringValue = "Root=1-5759e988-bd862e3fe1be46a994272793";
  const sent = await endpoint.send(queue, "x", {
    MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue } },
  });
  expect(sent.MD5OfMessageAttributes).toBeUndefined();
  expect((await endpoint.receiveOne(queue)).Attributes!.AWSTraceHeader).toBe(StringValue);
});

test("a long poll is answered the moment a message is sent", async () => {
  const queue = await endpoint.createQueue();
  const waiting = endpoint.receive(queue, { WaitTimeSeconds: 20, MaxNumberOfMessages: 10 });
  await endpoint.untilReceiveWaits();
  await endpoint.send(queue, "wake up");
  expect(bodies(await waiting)).toEqual(["wake up"]);
});

test("a long poll does not wait for the batch to fill", async () => {
  const queue = await endpoint.createQueue();
  await endpoint.send(queue, "alone");
  const received = await endpoint.receive(queue, { WaitTimeSeconds: 20, MaxNumberOfMessages: 10 });
  expect(bodies(received)).toEqual(["alone"]);
});

test("a long poll on an empty queue ends with no messages", async () => {
  const queue = await endpoint.createQueue();
  const waiting = endpoint.receive(queue, { WaitTimeSeconds: 2 });
  await endpoint.untilReceiveWaits();
  await endpoint.pass(2);
  expect(await waiting).toEqual([]);
});

test("the queue's ReceiveMessageWaitTimeSeconds counts when the call names none", async () => {
  const queue = await endpoint.createQueue({ ReceiveMessageWaitTimeSeconds: "20" });
  const waiting = endpoint.receive(queue);
  await endpoint.untilReceiveWaits();
  await endpoint.send(queue, "wake up");
  expect(bodies(await waiting)).toEqual(["wake up"]);
});

test("WaitTimeSeconds 0 of a call wins over the queue's", async () => {
  const queue = await endpoint.createQueue({ ReceiveMessageWaitTimeSeconds: "20" });
  expect(await endpoint.receive(queue, { WaitTimeSeconds: 0 })).toEqual([]);
});

test("a long poll wakes when a delay ends", async () => {
  const queue = await endpoint.createQueue();
  await endpoint.send(queue, "delayed", { DelaySeconds: 2 });
  await expectAwakeAfterSeconds(queue, 2);
});

test("a long poll wakes when a visibility timeout ends", async () => {
  const queue = await endpoint.createQueue({ VisibilityTimeout: "2" });
  await endpoint.send(queue, "hidden");
  await endpoint.receiveOne(queue);
  await expectAwakeAfterSeconds(queue, 2);
});

async function expectAwakeAfterSeconds(queue: string, seconds: number): Promise<void> {
  const waiting = endpoint.receive(queue, { WaitTimeSeconds: 10 });
  await endpoint.untilReceiveWaits();
  await endpoint.pass(seconds);
  expect(await waiting).toHaveLength(1);
}

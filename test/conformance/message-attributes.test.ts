import { createHash } from "node:crypto";
import { SendMessageBatchCommand, type MessageAttributeValue } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Endpoint } from "./endpoint.ts";

let endpoint: Endpoint;
beforeAll(async () => void (endpoint = await Endpoint.open()));
afterAll(() => endpoint.close());

const TRACE_HEADER = "Root=1-5759e988-bd862e3fe1be46a994272793";
const TRACE = { AWSTraceHeader: { DataType: "String", StringValue: TRACE_HEADER } };

function text(StringValue: string, DataType = "String"): MessageAttributeValue {
  return { DataType, StringValue };
}

async function sendWith(MessageAttributes: Record<string, MessageAttributeValue>) {
  return await endpoint.send(await endpoint.createQueue(), "x", { MessageAttributes });
}

/** The digest that AWS documents, of one text attribute. */
function md5OfOne(name: string, type: string, value: string): string {
  const hash = createHash("md5");
  const add = (part: string) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(part));
    hash.update(length).update(part);
  };
  add(name);
  add(type);
  hash.update(Buffer.of(1));
  add(value);
  return hash.digest("hex");
}

test("digests are those that AWS answered", async () => {
  expect((await sendWith({ MyAttribute: text("foobar") })).MD5OfMessageAttributes).toBe(
    "adb59cd4678ea5a855436b949cd07ab6",
  );
  expect((await sendWith({ Foo: text("Bar") })).MD5OfMessageAttributes).toBe(
    "ae7155c6026991b6d54b11589678bf9c",
  );
});

test("a trace header has a digest of its own and leaves the other alone", async () => {
  const sent = await endpoint.send(await endpoint.createQueue(), "x", {
    MessageAttributes: { Foo: text("Bar") },
    MessageSystemAttributes: TRACE,
  });
  expect(sent.MD5OfMessageAttributes).toBe("ae7155c6026991b6d54b11589678bf9c");
  expect(sent.MD5OfMessageSystemAttributes).toBe(
    md5OfOne("AWSTraceHeader", "String", TRACE_HEADER),
  );
});

test("a trace header does not count towards the size", async () => {
  const queue = await endpoint.createQueue({ MaximumMessageSize: "1024" });
  const body = "x".repeat(1024);
  await endpoint.send(queue, body, { MessageSystemAttributes: TRACE });
  expect((await endpoint.receiveOne(queue)).Body).toBe(body);
});

test("there is no other system attribute to send", async () => {
  const queue = await endpoint.createQueue();
  const MessageSystemAttributes = { Other: text("x") } as object;
  await expect(endpoint.send(queue, "x", { MessageSystemAttributes })).rejects.toMatchObject({
    Code: "InvalidParameterValue",
  });
});

test("entries of a batch answer their digests, each its own", async () => {
  const QueueUrl = await endpoint.createQueue();
  const Entries = [
    { Id: "plain", MessageBody: "a" },
    { Id: "Foo", MessageBody: "b", MessageAttributes: { Foo: text("Bar") } },
  ];
  const { Successful } = await endpoint.sqs.send(
    new SendMessageBatchCommand({ QueueUrl, Entries }),
  );
  const md5 = (body: string) => createHash("md5").update(body).digest("hex");
  const MessageId = expect.stringMatching(/./) as string;
  expect(Successful).toEqual([
    { Id: "plain", MessageId, MD5OfMessageBody: md5("a") },
    {
      Id: "Foo",
      MessageId,
      MD5OfMessageBody: md5("b"),
      MD5OfMessageAttributes: "ae7155c6026991b6d54b11589678bf9c",
    },
  ]);
});

test("types may carry a label, which comes back", async () => {
  const queue = await endpoint.createQueue();
  const MessageAttributes = { price: text("1.50", "Number.EUR"), note: text("x", "String.md") };
  await endpoint.send(queue, "x", { MessageAttributes });
  const received = await endpoint.receiveOne(queue, { MessageAttributeNames: ["All"] });
  expect(received.MessageAttributes).toEqual(MessageAttributes);
});

test.each(["", "text", "string", "StringList", "Number1"])(
  "the type '%s' is refused",
  async (DataType) => {
    await expect(sendWith({ name: text("1", DataType) })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 400 },
    });
  },
);

test.each(["0", "-1.5", "+2", ".5", "5.", "1e10", "12345678901234567890123456789012345678"])(
  "%s is a number",
  async (value) => {
    const { $metadata } = await sendWith({ name: text(value, "Number") });
    expect($metadata.httpStatusCode).toBe(200);
  },
);

test.each(["one", "1,5", "0x10", "1e", ".", " 1", "--1"])("'%s' is none", async (value) => {
  await expect(sendWith({ name: text(value, "Number") })).rejects.toMatchObject({
    Code: "InvalidParameterValue",
  });
});

test("a long run of digits that ends in a letter is refused as any other text", async () => {
  const value = `${"1".repeat(1_000_000)}x`;
  await expect(sendWith({ name: text(value, "Number") })).rejects.toMatchObject({
    Code: "InvalidParameterValue",
  });
});

test("a name of 255 characters is allowed, letters beyond ASCII too", async () => {
  await sendWith({ ["x".repeat(255)]: text("x") });
  await sendWith({ "attr.1øßä": text("x") });
  await expect(sendWith({ ["x".repeat(257)]: text("x") })).rejects.toMatchObject({
    Code: "InvalidParameterValue",
  });
});

test("list values are refused", async () => {
  const name = { DataType: "String", StringListValues: ["x"] };
  await expect(sendWith({ name })).rejects.toMatchObject({
    Code: "AWS.SimpleQueueService.UnsupportedOperation",
  });
});

test("a message group on a standard queue comes back and brings no order", async () => {
  const queue = await endpoint.createQueue();
  await endpoint.send(queue, "a", { MessageGroupId: "tenant-1" });
  await endpoint.send(queue, "b", { MessageGroupId: "tenant-1" });
  for (let count = 1; count <= 2; count += 1) {
    const { Attributes } = await endpoint.receiveOne(queue);
    expect(Attributes!.MessageGroupId).toBe("tenant-1");
  }
});

test.each(["", "group 123", "x".repeat(129), "ö"])(
  "the message group '%s' is refused",
  async (MessageGroupId) => {
    const queue = await endpoint.createQueue();
    await expect(endpoint.send(queue, "x", { MessageGroupId })).rejects.toMatchObject({
      Code: "InvalidParameterValue",
      message:
        `Value ${MessageGroupId} for parameter MessageGroupId is invalid. Reason: ` +
        "MessageGroupId can only include alphanumeric and punctuation characters. " +
        "1 to 128 in length.",
    });
  },
);

test("a deduplication id is refused on a standard queue", async () => {
  const queue = await endpoint.createQueue();
  await expect(endpoint.send(queue, "x", { MessageDeduplicationId: "1" })).rejects.toMatchObject({
    Code: "InvalidParameterValue",
  });
});

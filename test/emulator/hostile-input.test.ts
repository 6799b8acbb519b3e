import { expect, test } from "vitest";
import { call, givenEmulator } from "./given.ts";

const MEBIBYTE = 1_048_576;

test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
  "%s is a name like any other",
  async (name) => {
    const { emulator } = await givenEmulator();
    const QueueUrl = emulator.queueUrl(name);
    expect((await call(emulator, "GetQueueUrl", { QueueName: name })).code).toBe(
      "AWS.SimpleQueueService.NonExistentQueue",
    );
    await call(emulator, "CreateQueue", { QueueName: name });
    const value = { DataType: "String", StringValue: "x" };
    const sent = await call(emulator, "SendMessage", {
      QueueUrl,
      MessageBody: name,
      MessageAttributes: Object.fromEntries([[name, value]]),
    });
    expect(sent.status).toBe(200);
    const { body } = await call(emulator, "ReceiveMessage", {
      QueueUrl,
      MessageAttributeNames: [name],
    });
    const [message] = body["Messages"] as Record<string, object>[];
    expect(Object.entries(message!["MessageAttributes"]!)).toEqual([[name, value]]);
    const entry = { Id: name, ReceiptHandle: message!["ReceiptHandle"] };
    expect(
      (await call(emulator, "DeleteMessageBatch", { QueueUrl, Entries: [entry] })).body,
    ).toEqual({ Successful: [{ Id: name }] });
  },
);

test.each(["__proto__", "constructor"])("%s is no attribute of a queue", async (name) => {
  const { emulator } = await givenEmulator();
  const Attributes = Object.fromEntries([[name, "1"]]);
  expect(await call(emulator, "CreateQueue", { QueueName: "q", Attributes })).toMatchObject({
    code: "InvalidAttributeName",
    body: { message: `Unknown Attribute ${name}.` },
  });
});

test.each([
  '{"deadLetterTargetArn":"x","maxReceiveCount":{"toString":1,"valueOf":1}}',
  '{"deadLetterTargetArn":{"toString":1},"maxReceiveCount":1}',
  `{"deadLetterTargetArn":"x","maxReceiveCount":${"[".repeat(50_000)}${"]".repeat(50_000)}}`,
  '{"__proto__":{"deadLetterTargetArn":"x","maxReceiveCount":1}}',
])("a redrive policy is refused whatever its parts are", async (RedrivePolicy) => {
  const { emulator } = await givenEmulator();
  const input = { QueueName: "q", Attributes: { RedrivePolicy } };
  expect((await call(emulator, "CreateQueue", input)).code).toBe("InvalidParameterValue");
});

test.each([
  ["no JSON", "{"],
  ["a list", "[]"],
  ["null", "null"],
  ["a number for a text", '{"QueueName":1}'],
  ["a text for a map", '{"QueueName":"q","Attributes":"x"}'],
  ["deep nesting", `{"QueueName":${"[".repeat(100_000)}${"]".repeat(100_000)}}`],
])("%s is refused and the next request is served", async (_, input) => {
  const { emulator } = await givenEmulator();
  expect(await call(emulator, "CreateQueue", input)).toMatchObject({
    status: 400,
    code: "SerializationException",
  });
  expect((await call(emulator, "CreateQueue", { QueueName: "q" })).status).toBe(200);
});

test("the request's path names the queue when the input does not", async () => {
  const { emulator } = await givenEmulator();
  await call(emulator, "CreateQueue", { QueueName: "q" });
  const { pathname } = new URL(emulator.queueUrl("q"));
  const send = (path: string) => call(emulator, "SendMessage", { MessageBody: "x" }, path);
  expect((await send(pathname)).status).toBe(200);
  expect((await send(`${pathname}?x=/other`)).status).toBe(200);
  expect((await send("/")).code).toBe("MissingParameter");
  expect((await send(`${pathname}/`)).code).toBe("AWS.SimpleQueueService.NonExistentQueue");
  expect((await send("/000000000000/other")).code).toBe("AWS.SimpleQueueService.NonExistentQueue");
});

test("a message of 1 MiB fits even when each of its bytes is escaped in six", async () => {
  const { emulator } = await givenEmulator();
  await call(emulator, "CreateQueue", { QueueName: "q" });
  const body = "\\u0022".repeat(MEBIBYTE);
  const input = `{"QueueUrl":"${emulator.queueUrl("q")}","MessageBody":"${body}"}`;
  expect((await call(emulator, "SendMessage", input)).status).toBe(200);
});

import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Endpoint } from "./endpoint.ts";

const LARGEST_MESSAGE_BYTES = 1_048_576;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let endpoint: Endpoint;
beforeAll(async () => void (endpoint = await Endpoint.open()));
afterAll(() => endpoint.close());

test("SendMessage answers a message id and the MD5 of the body's UTF-8 bytes", async () => {
  const queue = await endpoint.createQueue();
  const sent = await endpoint.send(queue, "Grüße 👋");
  expect(sent.MessageId).toMatch(UUID);
  expect(sent.MD5OfMessageBody).toBe(createHash("md5").update("Grüße 👋").digest("hex"));
  expect(sent.MD5OfMessageAttributes).toBeUndefined();
});

test("SendMessage answers the MD5 of the attributes that AWS documents", async () => {
  const queue = await endpoint.createQueue();
  const sent = await endpoint.send(queue, "book", {
    MessageAttributes: {
      Title: { DataType: "String", StringValue: "The Whistler" },
      Author: { DataType: "String", StringValue: "John Grisham" },
      WeeksOn: { DataType: "Number", StringValue: "6" },
    },
  });
  expect(sent.MD5OfMessageAttributes).toBe("d25a6aea97eb8f585bfa92d314504a92");
});

test("the body comes out as it went in, whatever its whitespace and script", async () => {
  const queue = await endpoint.createQueue();
  const body = ' {"a": "tab\t, line\r\nfeed"} \u0020日本語 😀 ';
  await endpoint.send(queue, body);
  expect((await endpoint.receiveOne(queue)).Body).toBe(body);
});

test("an empty body is a missing parameter", async () => {
  const queue = await endpoint.createQueue();
  await expect(endpoint.send(queue, "")).rejects.toMatchObject({
    Code: "MissingParameter",
    message: "The request must contain the parameter MessageBody.",
  });
});

test("a body may be as large as MaximumMessageSize, 1 MiB unless told", async () => {
  const queue = await endpoint.createQueue();
  const body = "x".repeat(LARGEST_MESSAGE_BYTES);
  await endpoint.send(queue, body);
  expect((await endpoint.receiveOne(queue)).Body).toHaveLength(LARGEST_MESSAGE_BYTES);
});

test("a body of one byte more is refused", async () => {
  const queue = await endpoint.createQueue();
  const body = "x".repeat(LARGEST_MESSAGE_BYTES + 1);
  await expect(endpoint.send(queue, body)).rejects.toMatchObject({
    Code: "InvalidParameterValue",
    message:
      "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.",
  });
});

test("attributes count towards the size with their name, type and value", async () => {
  const queue = await endpoint.createQueue({ MaximumMessageSize: "1024" });
  const MessageAttributes = { name: { DataType: "String", StringValue: "value" } };
  const attributeBytes = "name".length + "String".length + "value".length;
  const fits = "x".repeat(1024 - attributeBytes);
  await endpoint.send(queue, fits, { MessageAttributes });
  await expect(endpoint.send(queue, `${fits}x`, { MessageAttributes })).rejects.toMatchObject({
    Code: "InvalidParameterValue",
  });
});

test("the size counts bytes, not characters", async () => {
  const queue = await endpoint.createQueue({ MaximumMessageSize: "1024" });
  await endpoint.send(queue, "ü".repeat(512));
  await expect(endpoint.send(queue, `${"ü".repeat(512)}x`)).rejects.toMatchObject({
    Code: "InvalidParameterValue",
  });
});

test("a character that XML does not know is refused", async () => {
  const queue = await endpoint.createQueue();
  for (const character of ["\u0000", "\u0008", "\uFFFE", "\uD800"]) {
    await expect(endpoint.send(queue, `a${character}b`)).rejects.toMatchObject({
      Code: "InvalidMessageContents",
    });
  }
});

test("the characters beside them are let pass", async () => {
  const queue = await endpoint.createQueue();
  const body = "\t\n\r \uD7FF\uE000\uFFFD\u{10000}\u{10FFFF}";
  await endpoint.send(queue, body);
  expect((await endpoint.receiveOne(queue)).Body).toBe(body);
});

test("ten attributes are allowed, eleven are not", async () => {
  const queue = await endpoint.createQueue();
  const attributes = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [
        `name${at}`,
        { DataType: "String", StringValue: "x" },
      ]),
    );
  await endpoint.send(queue, "ten", { MessageAttributes: attributes(10) });
  await expect(
    endpoint.send(queue, "eleven", { MessageAttributes: attributes(11) }),
  ).rejects.toMatchObject({ Code: "InvalidParameterValue" });
});

test("an attribute's value must not be empty", async () => {
  const queue = await endpoint.createQueue();
  const MessageAttributes = { ErrorDetails: { DataType: "String", StringValue: "" } };
  await expect(endpoint.send(queue, "x", { MessageAttributes })).rejects.toMatchObject({
    Code: "InvalidParameterValue",
    message:
      "Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.",
  });
});

test("names that begin with AWS. or Amazon., or with a dot, are refused", async () => {
  const queue = await endpoint.createQueue();
  for (const name of ["AWS.name", "amazon.name", ".name", "name."]) {
    const MessageAttributes = { [name]: { DataType: "String", StringValue: "x" } };
    await expect(endpoint.send(queue, "x", { MessageAttributes })).rejects.toMatchObject({
      Code: "InvalidParameterValue",
    });
  }
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { EventFeed } from "./event-feed.ts";
import { queueArn, skip, sqs, startOffline, type Offline } from "./offline.ts";

interface Message {
  readonly MessageId: string;
  readonly Body: string;
  readonly Attributes: Readonly<Record<string, string>>;
}

const VISIBILITY_TIMEOUT_SECONDS = 60;

let offline: Offline;
let queues: string;
let events: EventFeed;

beforeAll(async () => {
  offline = await startOffline();
  queues = await offline.untilReady();
  events = await EventFeed.open(queues);
});

afterAll(async () => {
  events?.close();
  await offline?.kill();
});

test("a handler gets queue URLs, ARNs and names for the references in its environment", async () => {
  await send("letters", { ask: "answer" });
  const { environment } = await nextAnswer();
  expect(environment).toEqual({
    ANSWERS_URL: queueUrl("letters-dev-Answers"),
    LETTERS_ARN: queueArn("letters"),
    LETTERS_NAME: "letters in eu-west-1",
    DEAD_LETTERS_NAME: "dead-letters",
  });
});

test("a message reaches the handler as the record that AWS makes of it", async () => {
  const body = JSON.stringify({ ask: "answer", text: "Zoë" });
  const { MessageId, MD5OfMessageBody, MD5OfMessageAttributes } = await sqs(queues, "SendMessage", {
    QueueUrl: queueUrl("letters"),
    MessageBody: body,
    MessageAttributes: {
      Title: { DataType: "String", StringValue: "The Whistler" },
      Seal: { DataType: "Binary", BinaryValue: "AAEC" },
    },
  });
  const { record } = await nextAnswer();
  expect(record).toEqual({
    messageId: MessageId,
    receiptHandle: expect.stringMatching(/^[\w+/]+=*$/),
    body,
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: expect.stringMatching(/^\d{13}$/),
      SenderId: expect.any(String),
      ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
    },
    messageAttributes: {
      Seal: { binaryValue: "AAEC", stringListValues: [], binaryListValues: [], dataType: "Binary" },
      Title: {
        stringValue: "The Whistler",
        stringListValues: [],
        binaryListValues: [],
        dataType: "String",
      },
    },
    md5OfMessageAttributes: MD5OfMessageAttributes,
    md5OfBody: MD5OfMessageBody,
    eventSource: "aws:sqs",
    eventSourceARN: queueArn("letters"),
    awsRegion: "eu-west-1",
  });
});

test("of a batch only what the handler reports comes back, and ends as a dead letter", async () => {
  const sent = await sqs<{ Successful: { MessageId: string }[] }>(queues, "SendMessageBatch", {
    QueueUrl: queueUrl("letters"),
    Entries: [
      { Id: "good", MessageBody: JSON.stringify({ ask: "answer" }) },
      { Id: "bad", MessageBody: JSON.stringify({ ask: "fail" }) },
    ],
  });
  const [good, bad] = sent.Successful.map((each) => each.MessageId) as [string, string];
  const invoked = await events.find((e) => e.type === "invoked" && e.messageIds.includes(bad));
  expect(invoked).toMatchObject({
    functionName: "letters-dev-read",
    messageIds: [good, bad],
    failedMessageIds: [bad],
  });
  await nextAnswer();

  await skip(queues, 3 * VISIBILITY_TIMEOUT_SECONDS);
  await events.find((event) => event.type === "moved" && event.messageId === bad);
  expect(events.about(good)).toEqual(["letters sent", "letters received", "letters deleted"]);
  expect(events.about(bad)).toEqual([
    "letters sent",
    ...["letters received", "letters ready"],
    ...["letters received", "letters ready"],
    ...["letters received", "letters ready"],
    "letters moved",
  ]);
  expect(await deadLetter()).toMatchObject({
    MessageId: bad,
    Attributes: { ApproximateReceiveCount: "4", DeadLetterQueueSourceArn: queueArn("letters") },
  });
});

test("what a function throws on is never deleted and ends as a dead letter", async () => {
  const messageId = await send("parcels", { heavy: true });
  const invoked = await events.find((e) => e.type === "invoked" && e.messageIds[0] === messageId);
  expect(invoked).toMatchObject({
    functionName: "letters-dev-readAll",
    failedMessageIds: [messageId],
    error: "Error: no parcels today",
  });

  await skip(queues, 2 * VISIBILITY_TIMEOUT_SECONDS);
  await events.find((event) => event.type === "moved" && event.messageId === messageId);
  expect(events.about(messageId)).toEqual([
    "parcels sent",
    ...["parcels received", "parcels ready"],
    ...["parcels received", "parcels ready"],
    "parcels moved",
  ]);
  expect(await deadLetter()).toMatchObject({
    MessageId: messageId,
    Body: JSON.stringify({ heavy: true }),
    Attributes: { ApproximateReceiveCount: "3", DeadLetterQueueSourceArn: queueArn("parcels") },
  });
});

test("a disabled mapping receives nothing", async () => {
  const messageId = await send("letters-dev-Answers", "for nobody");
  // An enabled mapping has its turn in the meantime.
  const letterId = await send("letters", { ask: "answer" });
  await events.find((e) => e.type === "invoked" && e.messageIds.includes(letterId));
  expect(events.about(messageId)).toEqual(["letters-dev-Answers sent"]);
  expect(await receive("letters-dev-Answers")).toMatchObject({
    MessageId: messageId,
    Attributes: { ApproximateReceiveCount: "1" },
  });
  await nextAnswer();
});

test("the console shows ids and outcomes, and never a message's body", () => {
  expect(offline.output).toMatch(/letters: sent [0-9a-f-]{36}\n/);
  expect(offline.output).toMatch(/parcels: moved [0-9a-f-]{36} to dead-letters after 2 receives\n/);
  expect(offline.output).not.toContain("heavy");
});

function queueUrl(name: string): string {
  return `${queues}/000000000000/${name}`;
}

async function send(queue: string, body: unknown): Promise<string> {
  const input = { QueueUrl: queueUrl(queue), MessageBody: JSON.stringify(body) };
  return (await sqs<{ MessageId: string }>(queues, "SendMessage", input)).MessageId;
}

/** Waits for the next message of `queue` and takes it away. */
async function receive(queue: string): Promise<Message> {
  const QueueUrl = queueUrl(queue);
  const { Messages } = await sqs<{ Messages?: (Message & { ReceiptHandle: string })[] }>(
    queues,
    "ReceiveMessage",
    { QueueUrl, WaitTimeSeconds: 20, MessageSystemAttributeNames: ["All"] },
  );
  const { ReceiptHandle, ...message } = Messages![0]!;
  await sqs(queues, "DeleteMessage", { QueueUrl, ReceiptHandle });
  return message;
}

async function nextAnswer(): Promise<{ record: unknown; environment: unknown }> {
  return JSON.parse((await receive("letters-dev-Answers")).Body);
}

function deadLetter(): Promise<Message> {
  return receive("dead-letters");
}

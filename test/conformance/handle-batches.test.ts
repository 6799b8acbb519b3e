import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  SendMessageBatchCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bodies, Endpoint } from "./endpoint.ts";

let endpoint: Endpoint;
beforeAll(async () => void (endpoint = await Endpoint.open()));
afterAll(() => endpoint.close());

interface Entry {
  readonly Id: string;
  readonly ReceiptHandle: string;
}

const BATCHES = {
  DeleteMessageBatch: (QueueUrl: string, Entries: Entry[]) =>
    endpoint.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries })),
  ChangeMessageVisibilityBatch: (QueueUrl: string, Entries: Entry[]) => {
    const changes = Entries.map((entry) => ({ ...entry, VisibilityTimeout: 0 }));
    return endpoint.sqs.send(
      new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries: changes }),
    );
  },
};

function entries(...ids: string[]): Entry[] {
  return ids.map((Id) => ({ Id, ReceiptHandle: "never issued" }));
}

for (const [action, send] of Object.entries(BATCHES)) {
  test(`${action} refuses a batch without entries`, async () => {
    await expect(send(await endpoint.createQueue(), [])).rejects.toMatchObject({
      Code: "AWS.SimpleQueueService.EmptyBatchRequest",
      message: `There should be at least one ${action}RequestEntry in the request.`,
    });
  });

  test(`${action} refuses a batch of eleven`, async () => {
    const eleven = Array.from({ length: 11 }, (_, at) => `${at}`);
    await expect(send(await endpoint.createQueue(), entries(...eleven))).rejects.toMatchObject({
      Code: "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
      message: "Maximum number of entries per request are 10. You have sent 11.",
    });
  });

  test(`${action} refuses ids that repeat, and ids with a dot`, async () => {
    const queue = await endpoint.createQueue();
    await expect(send(queue, entries("a", "b", "a"))).rejects.toMatchObject({
      Code: "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
      message: "Id a repeated.",
    });
    await expect(send(queue, entries("a.b"))).rejects.toMatchObject({
      Code: "AWS.SimpleQueueService.InvalidBatchEntryId",
    });
  });

  test(`${action} answers success although every entry failed`, async () => {
    const answer = await send(await endpoint.createQueue(), entries("a", "b"));
    expect([answer.Successful, answer.$metadata.httpStatusCode]).toEqual([undefined, 200]);
    expect(answer.Failed).toEqual(
      ["a", "b"].map((Id) => ({
        Id,
        SenderFault: true,
        Code: "ReceiptHandleIsInvalid",
        Message: 'The input receipt handle "never issued" is not a valid receipt handle.',
      })),
    );
  });
}

test("an entry with a forbidden character or a wrong delay fails alone", async () => {
  const QueueUrl = await endpoint.createQueue();
  const Entries = [
    { Id: "good", MessageBody: "good" },
    { Id: "character", MessageBody: "\u0001" },
    { Id: "delay", MessageBody: "x", DelaySeconds: 901 },
  ];
  const { Successful, Failed } = await endpoint.sqs.send(
    new SendMessageBatchCommand({ QueueUrl, Entries }),
  );
  expect(Successful!.map(({ Id }) => Id)).toEqual(["good"]);
  expect(Failed!.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault])).toEqual([
    ["character", "InvalidMessageContents", true],
    ["delay", "InvalidParameterValue", true],
  ]);
  const received = await endpoint.receive(QueueUrl, { MaxNumberOfMessages: 10 });
  expect(bodies(received)).toEqual(["good"]);
});

test("a receipt handle and a visibility timeout must be given", async () => {
  const QueueUrl = await endpoint.createQueue();
  const missing = (name: string) => ({
    Code: "MissingParameter",
    message: `The request must contain the parameter ${name}.`,
  });
  const remove = new DeleteMessageCommand({ QueueUrl, ReceiptHandle: undefined });
  await expect(endpoint.sqs.send(remove)).rejects.toMatchObject(missing("ReceiptHandle"));
  await endpoint.send(QueueUrl, "x");
  const { ReceiptHandle } = await endpoint.receiveOne(QueueUrl);
  const input = { QueueUrl, ReceiptHandle, VisibilityTimeout: undefined };
  await expect(endpoint.sqs.send(new ChangeMessageVisibilityCommand(input))).rejects.toMatchObject(
    missing("VisibilityTimeout"),
  );
});

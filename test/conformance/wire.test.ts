import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Endpoint, newName } from "./endpoint.ts";
import { answerTo } from "./wire.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

let endpoint: Endpoint;
beforeAll(async () => void (endpoint = await Endpoint.open()));
afterAll(() => endpoint.close());

test("an answer is AWS JSON 1.0 with a date and a request id of its own", async () => {
  const QueueUrl = await endpoint.createQueue();
  const ask = () => answerTo(endpoint.sqs, (sqs) => sqs.send(new ListQueuesCommand({})));
  const first = await ask();
  expect(first.status).toBe(200);
  expect(first.headers).toMatchObject({
    "content-type": "application/x-amz-json-1.0",
    "x-amzn-requestid": expect.stringMatching(UUID),
    date: expect.stringMatching(/GMT$/),
  });
  expect((await ask()).headers["x-amzn-requestid"]).not.toBe(first.headers["x-amzn-requestid"]);
  const wrong = await answerTo(endpoint.sqs, (sqs) =>
    sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 21 })),
  );
  expect(wrong.headers).toMatchObject({
    "content-type": "application/x-amz-json-1.0",
    "x-amzn-requestid": expect.stringMatching(UUID),
  });
});

test("actions without an output, and lists without members, answer {}", async () => {
  const QueueUrl = await endpoint.createQueue();
  const emptyAnswer = async (call: (sqs: SQSClient) => Promise<unknown>) => {
    const { status, body } = await answerTo(endpoint.sqs, call);
    expect([status, body]).toEqual([200, {}]);
  };
  await emptyAnswer((sqs) => sqs.send(new ReceiveMessageCommand({ QueueUrl })));
  await emptyAnswer((sqs) => sqs.send(new GetQueueAttributesCommand({ QueueUrl })));
  await emptyAnswer((sqs) => sqs.send(new ListQueuesCommand({ QueueNamePrefix: newName() })));
  const Attributes = { VisibilityTimeout: "60" };
  await emptyAnswer((sqs) => sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes })));
  await endpoint.send(QueueUrl, "x");
  const { ReceiptHandle } = await endpoint.receiveOne(QueueUrl);
  const change = { QueueUrl, ReceiptHandle, VisibilityTimeout: 60 };
  await emptyAnswer((sqs) => sqs.send(new ChangeMessageVisibilityCommand(change)));
  await emptyAnswer((sqs) => sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })));
  await emptyAnswer((sqs) => sqs.send(new PurgeQueueCommand({ QueueUrl })));
  await emptyAnswer((sqs) => sqs.send(new DeleteQueueCommand({ QueueUrl })));
});

test("values of attributes are strings on the wire, and times are epoch seconds", async () => {
  const QueueUrl = await endpoint.createQueue({ VisibilityTimeout: "45" });
  const AttributeNames = ["VisibilityTimeout" as const, "ApproximateNumberOfMessages" as const];
  const { body } = await answerTo(endpoint.sqs, (sqs) =>
    sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames })),
  );
  expect(body).toEqual({
    Attributes: { VisibilityTimeout: "45", ApproximateNumberOfMessages: "0" },
  });
});

const SERVICE = "com.amazonaws.sqs#";
const CORAL = "com.amazon.coral.service#";

type Call = (sqs: SQSClient, QueueUrl: string) => Promise<unknown>;

/** Code of the Query protocol, the JSON protocol's `__type`, and a call that gets it. */
const ERRORS: readonly (readonly [code: string, type: string, call: Call])[] = [
  [
    "AWS.SimpleQueueService.NonExistentQueue",
    `${SERVICE}QueueDoesNotExist`,
    (sqs, QueueUrl) => sqs.send(new PurgeQueueCommand({ QueueUrl: `${QueueUrl}-missing` })),
  ],
  [
    "AWS.SimpleQueueService.EmptyBatchRequest",
    `${SERVICE}EmptyBatchRequest`,
    (sqs, QueueUrl) => sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: [] })),
  ],
  [
    "QueueAlreadyExists",
    `${SERVICE}QueueNameExists`,
    (sqs, QueueUrl) =>
      sqs.send(
        new CreateQueueCommand({
          QueueName: QueueUrl.split("/").at(-1),
          Attributes: { DelaySeconds: "7" },
        }),
      ),
  ],
  [
    "InvalidAttributeName",
    `${SERVICE}InvalidAttributeName`,
    (sqs, QueueUrl) =>
      sqs.send(
        new SetQueueAttributesCommand({ QueueUrl, Attributes: { Colour: "blue" } as object }),
      ),
  ],
  [
    "InvalidAttributeValue",
    `${SERVICE}InvalidAttributeValue`,
    (sqs, QueueUrl) =>
      sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: "x" } })),
  ],
  [
    "InvalidMessageContents",
    `${SERVICE}InvalidMessageContents`,
    (sqs, QueueUrl) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "\u0001" })),
  ],
  [
    "InvalidParameterValue",
    `${CORAL}InvalidParameterValueException`,
    (sqs, QueueUrl) => sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 21 })),
  ],
  [
    "MissingParameter",
    `${CORAL}MissingRequiredParameterException`,
    (sqs, QueueUrl) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "" })),
  ],
];

test.each(ERRORS)(
  "the error %s has status 400, its type and its header",
  async (code, type, call) => {
    const QueueUrl = await endpoint.createQueue();
    const { status, headers, body } = await answerTo(endpoint.sqs, (sqs) => call(sqs, QueueUrl));
    expect(status).toBe(400);
    expect(headers["x-amzn-query-error"]).toBe(`${code};Sender`);
    expect(body).toEqual({ __type: type, message: expect.stringMatching(/./) });
  },
);

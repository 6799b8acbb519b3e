import { expect, test } from "vitest";
import { call, givenEmulator } from "./given.ts";

const UNSUPPORTED = "AWS.SimpleQueueService.UnsupportedOperation";

test.each([
  "AddPermission",
  "RemovePermission",
  "TagQueue",
  "UntagQueue",
  "ListQueueTags",
  "ListDeadLetterSourceQueues",
  "StartMessageMoveTask",
  "CancelMessageMoveTask",
  "ListMessageMoveTasks",
])("%s is refused as something that SQS has and the emulator has not", async (action) => {
  const { emulator } = await givenEmulator();
  expect(await call(emulator, action, {})).toEqual({
    status: 400,
    code: UNSUPPORTED,
    body: {
      __type: "com.amazonaws.sqs#UnsupportedOperation",
      message: `The action ${action} is not emulated yet.`,
    },
  });
});

test.each(["SendMesage", "constructor", "__proto__"])(
  "%s is refused as no action at all",
  async (action) => {
    const { emulator } = await givenEmulator();
    expect(await call(emulator, action, {})).toEqual({
      status: 400,
      code: "InvalidAction",
      body: {
        __type: "com.amazon.coral.service#UnknownOperationException",
        message: `The action ${action} is not valid for this endpoint.`,
      },
    });
  },
);

test("a queue with tags is not created", async () => {
  const { emulator } = await givenEmulator();
  const refused = await call(emulator, "CreateQueue", { QueueName: "q", tags: { team: "a" } });
  expect(refused.code).toBe(UNSUPPORTED);
  expect((await call(emulator, "ListQueues", {})).body).toEqual({});
});

test("a queue with an empty set of tags is", async () => {
  const { emulator } = await givenEmulator();
  const created = await call(emulator, "CreateQueue", { QueueName: "q", tags: {} });
  expect(created.body).toEqual({ QueueUrl: emulator.queueUrl("q") });
});

test.each([
  { QueueName: "q.fifo" },
  { QueueName: "q.fifo", Attributes: { FifoQueue: "true" } },
  { QueueName: "q", Attributes: { FifoQueue: "True" } },
])("the FIFO queue %j is refused, and the message says so", async (input) => {
  const { emulator } = await givenEmulator();
  const { code, body } = await call(emulator, "CreateQueue", input);
  expect(code).toBe(UNSUPPORTED);
  expect(body["message"]).toContain("no FIFO queues yet");
});

test("the Query protocol is refused by its name, as a form and as a link", async () => {
  const { emulator } = await givenEmulator();
  const answers = [
    await fetch(emulator.url, {
      method: "POST",
      body: new URLSearchParams({ Action: "ListQueues" }),
    }),
    await fetch(`${emulator.url}/?Action=ListQueues`),
  ];
  for (const answer of answers) {
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { message: string }).message).toContain("Query protocol");
  }
});

import { connect } from "node:net";
import { once } from "node:events";
import { networkInterfaces } from "node:os";
import { expect, test } from "vitest";
import { send, sendAction, started, type Answer, type Call } from "./client.ts";

const BODY_LIMIT_BYTES = (6 * 1024 + 256) * 1024;
const CORAL = "com.amazon.coral.service#";

test("an answer is AWS JSON with a request id", async () => {
  const emulator = await started();
  const answer = await sendAction(emulator, "CreateQueue", { QueueName: "letters" });
  expect(answer).toMatchObject({
    status: 200,
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amzn-requestid": expect.stringMatching(/^[0-9a-f-]{36}$/),
    },
    body: JSON.stringify({ QueueUrl: emulator.queueUrl("letters") }),
  });
  expect(answer.headers).not.toHaveProperty("x-amzn-query-error");
});

test("an error has its shape in the body and the older code in a header", async () => {
  const emulator = await started();
  const answer = await sendAction(emulator, "GetQueueUrl", { QueueName: "letters" });
  expect(errorOf(answer)).toEqual({
    status: 400,
    code: "AWS.SimpleQueueService.NonExistentQueue;Sender",
    type: "com.amazonaws.sqs#QueueDoesNotExist",
    message: "The specified queue does not exist.",
  });
  expect(answer.headers).toMatchObject({
    "content-type": "application/x-amz-json-1.0",
    "x-amzn-requestid": expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

const target = { "x-amz-target": "AmazonSQS.ListQueues" };

const WRONG: [name: string, call: Call, code: string, type: string, message: string][] = [
  [
    "a method other than POST",
    { method: "PUT", headers: target, body: "{}" },
    "InvalidAction;Sender",
    `${CORAL}UnknownOperationException`,
    "Expected the method POST, got PUT.",
  ],
  [
    "no target",
    { body: "{}" },
    "InvalidAction;Sender",
    `${CORAL}UnknownOperationException`,
    'Expected X-Amz-Target to be AmazonSQS.<Action>, got "".',
  ],
  [
    "another service's target",
    { headers: { "x-amz-target": "DynamoDB_20120810.ListTables" }, body: "{}" },
    "InvalidAction;Sender",
    `${CORAL}UnknownOperationException`,
    'Expected X-Amz-Target to be AmazonSQS.<Action>, got "DynamoDB_20120810.ListTables".',
  ],
  [
    "an unknown action",
    { headers: { "x-amz-target": "AmazonSQS.constructor" }, body: "{}" },
    "InvalidAction;Sender",
    `${CORAL}UnknownOperationException`,
    "The action constructor is not valid for this endpoint.",
  ],
  [
    "a body that is no JSON",
    { headers: target, body: "Action=ListQueues" },
    "SerializationException;Sender",
    `${CORAL}SerializationException`,
    "The request body is not valid JSON.",
  ],
  [
    "a body that is no object",
    { headers: target, body: "[]" },
    "SerializationException;Sender",
    `${CORAL}SerializationException`,
    "The request body must be a JSON object.",
  ],
  [
    "a body that is not UTF-8",
    { headers: target, body: Buffer.from([0x7b, 0xff, 0x7d]) },
    "SerializationException;Sender",
    `${CORAL}SerializationException`,
    "The request body is not valid UTF-8.",
  ],
  [
    "a body that is too large",
    { headers: target, body: `{}${" ".repeat(BODY_LIMIT_BYTES - 1)}` },
    "InvalidParameterValue;Sender",
    `${CORAL}InvalidParameterValueException`,
    `The request body must not be longer than ${BODY_LIMIT_BYTES} bytes.`,
  ],
];

for (const [name, call, code, type, message] of WRONG) {
  test(`refused: ${name}`, async () => {
    const emulator = await started();
    expect(errorOf(await send(emulator, call))).toEqual({ status: 400, code, type, message });
  });
}

test("a body of exactly the limit is taken", async () => {
  const emulator = await started();
  const body = `{}${" ".repeat(BODY_LIMIT_BYTES - 2)}`;
  expect(await send(emulator, { headers: target, body })).toMatchObject({
    status: 200,
    body: "{}",
  });
});

test("the path names the queue when the input does not", async () => {
  const emulator = await started({ queues: { letters: {} } });
  const path = "/000000000000/letters";
  const sent = await sendAction(emulator, "SendMessage", { MessageBody: "hello" }, { path });
  expect(sent.status).toBe(200);
  const other = { path: "/000000000000/parcels" };
  expect(
    errorOf(await sendAction(emulator, "SendMessage", { MessageBody: "x" }, other)),
  ).toMatchObject({ code: "AWS.SimpleQueueService.NonExistentQueue;Sender" });
});

test("unless told, only this machine can connect; with 0.0.0.0 others can", async () => {
  const emulator = await started();
  expect(new URL(emulator.url).hostname).toBe("127.0.0.1");
  const open = await started({ host: "0.0.0.0" });
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter((each) => each.family === "IPv4" && !each.internal)
    .map((each) => each.address);
  for (const address of addresses) {
    expect(await canConnect(address, emulator.port)).toBe(false);
    expect(await canConnect(address, open.port)).toBe(true);
  }
});

function errorOf({ status, headers, body }: Answer) {
  const { __type: type, message, ...rest } = JSON.parse(body) as Record<string, unknown>;
  return { status, code: headers["x-amzn-query-error"], type, message, ...rest };
}

async function canConnect(address: string, port: number): Promise<boolean> {
  const socket = connect(port, address);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

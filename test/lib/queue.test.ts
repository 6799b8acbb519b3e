import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { VirtualClock } from "../../emulator/index.ts";
import { createQueue } from "../../lib/queue.ts";
import { testSqsClient } from "../support/sign-up.ts";

const BODY = "hello";

type Answer = (response: ServerResponse) => void;

const takes: Answer = (response) => {
  const MD5OfMessageBody = createHash("md5").update(BODY).digest("hex");
  response.end(JSON.stringify({ MessageId: "message-1", MD5OfMessageBody }));
};
const fails: Answer = (response) => response.writeHead(500).end("<html>");
const hangsUp: Answer = (response) => response.destroy();
const throttles = refuses("RequestThrottled");
const knowsNoQueue = refuses("QueueDoesNotExist");

test.each<[string, Answer[], number]>([
  ["takes it at once", [takes], 0],
  ["fails and hangs up before that", [fails, hangsUp, takes], 500],
  ["throttles before that", [throttles, takes], 100],
])("a queue that %s has the message once", async (_, answers, pausesMs) => {
  const { sending, attempts, pausedMs } = await send(answers);
  expect(await sending).toBe("message-1");
  expect([attempts(), pausedMs()]).toEqual([answers.length, pausesMs]);
});

test.each<[string, Answer[], number]>([
  ["fails three times", [fails, fails, fails, takes], 3],
  ["refuses the message", [knowsNoQueue, takes], 1],
])("a queue that %s is not asked again", async (_, answers, expected) => {
  const { sending, attempts } = await send(answers);
  await expect(sending).rejects.toMatchObject({ code: "queue_unavailable", retryable: true });
  expect(attempts()).toBe(expected);
});

/** Sends one message to a queue that gives one of the answers to each attempt. */
async function send(answers: readonly Answer[]) {
  let attempts = 0;
  const server = createServer((_, response) => answers[attempts++]!(response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sqs = testSqsClient({ endpoint: url });
  onTestFinished(() => {
    sqs.destroy();
    server.close();
  });
  const clock = new VirtualClock();
  const startMs = clock.now();
  const queue = createQueue(sqs, clock);
  const sending = clock.run(() => queue.send({ queueUrl: `${url}/000000000000/q`, body: BODY }));
  sending.catch(() => {});
  await clock.runUntilIdle();
  return { sending, attempts: () => attempts, pausedMs: () => clock.now() - startMs };
}

function refuses(name: string): Answer {
  return (response) => {
    response.writeHead(400, { "content-type": "application/x-amz-json-1.0" });
    response.end(JSON.stringify({ __type: `com.amazonaws.sqs#${name}`, message: "no" }));
  };
}

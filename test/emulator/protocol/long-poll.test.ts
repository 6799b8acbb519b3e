import { expect, onTestFinished, test, vi } from "vitest";
import { createSharedOffset, SkippableClock, type Emulator } from "../../../emulator/index.ts";
import { sendAction, started } from "./client.ts";

const POLL = {
  QueueUrl: "letters",
  WaitTimeSeconds: 20,
  MessageSystemAttributeNames: ["ApproximateReceiveCount"],
};
const LETTER = { QueueUrl: "letters", MessageBody: "hello" };

test("a client that hangs up takes no message", async () => {
  const emulator = await started({ queues: { letters: {} } });
  const hangUp = new AbortController();
  const poll = fetchPoll(emulator, hangUp.signal);
  await untilWaiting(emulator, 1);
  hangUp.abort();
  await expect(poll).rejects.toThrow(/abort/);
  await untilWaiting(emulator, 0);
  await emulator.perform("SendMessage", LETTER);
  expect(await counts(emulator)).toEqual({ ready: "1", inFlight: "0" });
});

test("a client that stays takes the message, at its first receive", async () => {
  const emulator = await started({ queues: { letters: {} } });
  const poll = sendAction(emulator, "ReceiveMessage", POLL);
  await untilWaiting(emulator, 1);
  await emulator.perform("SendMessage", LETTER);
  expect(JSON.parse((await poll).body)).toMatchObject({
    Messages: [{ Body: "hello", Attributes: { ApproximateReceiveCount: "1" } }],
  });
  expect(await counts(emulator)).toEqual({ ready: "0", inFlight: "1" });
});

test("the message goes to the next in line when the first has hung up", async () => {
  const emulator = await started({ queues: { letters: {} } });
  const hangUp = new AbortController();
  const first = fetchPoll(emulator, hangUp.signal);
  await untilWaiting(emulator, 1);
  const second = sendAction(emulator, "ReceiveMessage", POLL);
  await untilWaiting(emulator, 2);
  hangUp.abort();
  await expect(first).rejects.toThrow(/abort/);
  await untilWaiting(emulator, 1);
  await emulator.perform("SendMessage", LETTER);
  expect(JSON.parse((await second).body)).toMatchObject({ Messages: [{ Body: "hello" }] });
});

test("a poll in vain ends when its time is over, and a skip does not wait for it", async () => {
  const clock = new SkippableClock(createSharedOffset());
  onTestFinished(() => clock.stop());
  const emulator = await started({ clock, queues: { letters: {} } });
  const poll = sendAction(emulator, "ReceiveMessage", POLL);
  await untilWaiting(emulator, 1);
  await clock.skip(20_000);
  expect(await poll).toMatchObject({ status: 200, body: "{}" });
});

test("closing answers the polls that wait", async () => {
  const emulator = await started({ queues: { letters: {} } });
  const poll = sendAction(emulator, "ReceiveMessage", POLL);
  await untilWaiting(emulator, 1);
  await emulator.close();
  expect(await poll).toMatchObject({ status: 200, body: "{}" });
});

function fetchPoll(emulator: Emulator, signal: AbortSignal): Promise<Response> {
  const headers = { "x-amz-target": "AmazonSQS.ReceiveMessage" };
  return fetch(emulator.url, { method: "POST", headers, body: JSON.stringify(POLL), signal });
}

async function untilWaiting(emulator: Emulator, count: number): Promise<void> {
  await vi.waitUntil(() => emulator.waitingReceives === count, { interval: 1, timeout: 10_000 });
}

async function counts(emulator: Emulator) {
  const { Attributes } = await emulator.perform("GetQueueAttributes", {
    QueueUrl: "letters",
    AttributeNames: ["All"],
  });
  const attributes = Attributes as Record<string, string>;
  return {
    ready: attributes["ApproximateNumberOfMessages"],
    inFlight: attributes["ApproximateNumberOfMessagesNotVisible"],
  };
}

import { getEventListeners } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { VirtualClock } from "../../../emulator/clock/virtual.ts";
import { givenEmulator } from "../given.ts";

/** Tells whether anything is still to come. */
class OpenClock extends VirtualClock {
  get hasTimers(): boolean {
    return this.nextDueAtMs !== undefined;
  }
}

async function givenSource(clock = new OpenClock()) {
  const { emulator } = await givenEmulator(clock);
  const QueueUrl = emulator.queueUrl("queue");
  await emulator.perform("CreateQueue", { QueueName: "queue" });
  const send = (MessageBody: string) => emulator.perform("SendMessage", { QueueUrl, MessageBody });
  return { emulator, clock, QueueUrl, send, source: emulator.messageSource("queue") };
}

test("receives leave nothing on the signal, whether they waited or not", async () => {
  const { send, source } = await givenSource();
  const { signal } = new AbortController();
  for (let at = 0; at < 3; at += 1) {
    await send("ready");
    (await source.receive(1, signal)).release();
    const waiting = source.receive(1, signal);
    await send("awaited");
    (await waiting).release();
  }
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("an aborted receive rejects with the reason and takes no message", async () => {
  const { emulator, QueueUrl, send, source } = await givenSource();
  const aborting = new AbortController();
  const waiting = source.receive(1, aborting.signal);
  aborting.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  await send("x");
  const { Attributes } = await emulator.perform("GetQueueAttributes", {
    QueueUrl,
    AttributeNames: ["ApproximateNumberOfMessages"],
  });
  expect(Attributes).toEqual({ ApproximateNumberOfMessages: "1" });
});

/** Many more turns than a clock needs that nothing holds. */
async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
}

test("time stands still from the moment messages are given until they are released", async () => {
  const { clock, send, source } = await givenSource();
  const startMs = clock.now();
  await send("x");
  const { release } = await source.receive(1, new AbortController().signal);
  const moved = clock.advance(1000);
  await someTurns();
  expect(clock.now()).toBe(startMs);
  release();
  await moved;
  expect(clock.now()).toBe(startMs + 1000);
});

test("while a receive waits, time moves", async () => {
  const { clock, source } = await givenSource();
  const startMs = clock.now();
  const aborting = new AbortController();
  const waiting = source.receive(1, aborting.signal);
  const moved = clock.advance(1000);
  await someTurns();
  expect(clock.now()).toBe(startMs + 1000);
  await moved;
  aborting.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
});

test("a queue that is deleted ends the wait with its error", async () => {
  const { emulator, QueueUrl, source } = await givenSource();
  const waiting = source.receive(1, new AbortController().signal);
  const ended = expect(waiting).rejects.toMatchObject({
    code: "AWS.SimpleQueueService.NonExistentQueue",
  });
  await emulator.perform("DeleteQueue", { QueueUrl });
  await ended;
});

test("a wait that ends after the emulator was closed arms no timer", async () => {
  const { emulator, clock, send, source } = await givenSource();
  await send("x");
  (await source.receive(1, new AbortController().signal)).release();
  const aborting = new AbortController();
  const waiting = source.receive(1, aborting.signal);
  expect(clock.hasTimers).toBe(true);
  await emulator.close();
  aborting.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  expect(clock.hasTimers).toBe(false);
});
